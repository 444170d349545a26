import type { WrittenBlob } from '../../oss/core/blobs.ts';
import type { OssService } from '../../oss/service.ts';
import type { BucketRecord, ObjectRecord, Segment } from '../../oss/store/types.ts';
import type { KeptMessage } from '../../smq/core/housekeeping.ts';
import type { SmqService } from '../../smq/core/service.ts';
import type { QueueSpec, SubscriptionSpec, TopicSpec } from '../../smq/spec.ts';
import { type Account, all } from '../account.ts';
import { kept, type StateRecord } from './format.ts';
import { checkFile, recordsOf, refused } from './read.ts';

/** Messages of an account, or of a file. */
interface Messaging {
  queues: QueueSpec[];
  topics: TopicSpec[];
  subscriptions: SubscriptionSpec[];
  messages: Map<string, KeptMessage[]>;
}

interface Stored {
  buckets: BucketRecord[];
  objects: ObjectRecord[];
}

export interface Imported {
  queues: number;
  topics: number;
  buckets: number;
  messages: number;
  objects: number;
  /** Number of messages and objects from which a value named like a secret was removed. */
  hidden: number;
}

/**
 * Replaces the account's state by the one in a file: its messages and objects become the file's,
 * and queues, topics, subscriptions and buckets named in the file get the file's settings; others
 * stay, empty. A file that cannot be imported whole is refused, and the account is unchanged. No
 * trigger is invoked. Throws LocalCloudError, or a service's error about a record.
 */
export async function importState(account: Account, path: string): Promise<Imported> {
  const { smq, oss, clock } = account;
  const { head, end } = await checkFile(path);
  const later = clock.now() - head.exportedAt;
  const staged: Segment[] = [];
  try {
    const { messaging, stored } = await readAll(oss, path, later, staged);
    checkTypes(smq, messaging);
    const before = present(smq);
    try {
      await setMessaging(smq, messaging);
      await oss.snapshot.put(stored.buckets, stored.objects);
    } catch (error) {
      await putBack(smq, before);
      throw error;
    }
    oss.lifecycle.schedule();
    return {
      queues: messaging.queues.length,
      topics: messaging.topics.length,
      buckets: stored.buckets.length,
      messages: [...messaging.messages.values()].reduce((sum, { length }) => sum + length, 0),
      objects: stored.objects.length,
      hidden: end.hidden,
    };
  } catch (error) {
    oss.snapshot.discard(staged);
    throw error;
  }
}

/**
 * Reads everything, the content of objects into files that nothing refers to yet: those are
 * `staged`.
 */
async function readAll(
  oss: OssService,
  path: string,
  later: number,
  staged: Segment[],
): Promise<{ messaging: Messaging; stored: Stored }> {
  const messaging: Messaging = { queues: [], topics: [], subscriptions: [], messages: new Map() };
  const stored: Stored = { buckets: [], objects: [] };
  const records = recordsOf(path);
  for (let next = await records.next(); !next.done; ) {
    const record = next.value;
    next = await records.next();
    switch (record.kind) {
      case 'queue':
        messaging.queues.push(withoutKind(record));
        break;
      case 'topic':
        messaging.topics.push(withoutKind(record));
        break;
      case 'subscription':
        messaging.subscriptions.push(withoutKind(record));
        break;
      case 'message': {
        const { queue, ...message } = withoutKind(record);
        const { enqueueTime, visibleAt } = message;
        const moved = {
          ...message,
          enqueueTime: enqueueTime + later,
          visibleAt: visibleAt + later,
        };
        const list = messaging.messages.get(queue);
        if (list) list.push(moved);
        else messaging.messages.set(queue, [moved]);
        break;
      }
      case 'bucket':
        stored.buckets.push({ ...withoutKind(record), created: record.created + later });
        break;
      case 'object': {
        const { hidden, ...object } = withoutKind(record);
        let written: WrittenBlob | undefined;
        if (object.target === undefined) {
          const content = async function* (): AsyncGenerator<Buffer> {
            for (; !next.done && next.value.kind === 'content'; next = await records.next())
              yield Buffer.from(next.value.data, 'base64');
          };
          written = await oss.snapshot.stage(object.bucket, object.key, content());
          staged.push(written.segment);
        }
        stored.objects.push(objectOf(object, written, hidden === true, later));
        break;
      }
      case 'content':
        throw refused('it has content of no object');
    }
  }
  const known = new Set(stored.buckets.map(({ name }) => name));
  const homeless = stored.objects.find(({ bucket }) => !known.has(bucket));
  if (homeless) throw refused(`it has no bucket "${homeless.bucket}", and an object in it`);
  const queues = new Set(messaging.queues.map(({ name }) => name));
  const missing = [...messaging.messages.keys()].find((name) => !queues.has(name));
  if (missing !== undefined) throw refused(`it has no queue "${missing}", and a message in it`);
  const fifo = messaging.queues.find(
    ({ name, queueType }) =>
      queueType === 'fifo' &&
      messaging.messages.get(name)?.some(({ groupId }) => groupId === undefined),
  );
  if (fifo) throw refused(`a message in the FIFO queue "${fifo.name}" has no group`);
  return { messaging, stored };
}

function withoutKind<T extends StateRecord>({ kind: _, ...record }: T): Omit<T, 'kind'> {
  return record;
}

/**
 * Returns an object with the content written for it, which is the original unless something in it
 * is hidden.
 */
function objectOf(
  object: Omit<ObjectRecord, 'segments'>,
  written: WrittenBlob | undefined,
  hidden: boolean,
  later: number,
): ObjectRecord {
  const { lastModified, restored, ...rest } = object;
  const moved = {
    ...rest,
    lastModified: lastModified + later,
    ...(restored && {
      restored: { ready: restored.ready + later, expires: restored.expires + later },
    }),
    segments: written ? [written.segment] : [],
  };
  if (!written) return moved;
  const { segment, crc64, md5 } = written;
  if (hidden) return { ...moved, size: segment.size, crc64, eTag: md5 };
  if (segment.size !== object.size || crc64 !== object.crc64)
    throw refused(`the content of "${object.key}" in ${object.bucket} does not match its checksum`);
  return moved;
}

/** Throws where a type differs: whether a queue keeps its order cannot change. */
function checkTypes(smq: SmqService, { queues, topics }: Messaging): void {
  const { queues: knownQueues, topics: knownTopics } = present(smq);
  const other = <T extends { name: string }>(
    given: readonly T[],
    known: readonly T[],
    type: keyof T,
  ) =>
    given.find((one) =>
      known.some(({ name, [type]: is }) => name === one.name && is !== one[type]),
    );
  const found = other(queues, knownQueues, 'queueType') ?? other(topics, knownTopics, 'topicType');
  if (found)
    throw refused(
      `"${found.name}" is FIFO in one of file and account and not in the other; delete it first`,
    );
}

function present(smq: SmqService): Messaging {
  const queues = all((marker) => smq.listQueues({ marker }));
  const topics = all((marker) => smq.listTopics({ marker }));
  return {
    queues,
    topics,
    subscriptions: topics.flatMap(({ name }) =>
      all((marker) => smq.listSubscriptions(name, { marker })),
    ),
    messages: new Map(
      queues.map(({ name }) => [name, smq.inspect(name, Number.POSITIVE_INFINITY).map(kept)]),
    ),
  };
}

async function setMessaging(smq: SmqService, messaging: Messaging): Promise<void> {
  await smq.apply(messaging);
  await smq.replaceMessages(messaging.messages);
}

/** Restores the previous state; what the import created is deleted. */
async function putBack(smq: SmqService, before: Messaging): Promise<void> {
  const now = present(smq);
  const added = <T extends { name: string }>(list: readonly T[], old: readonly T[]): T[] =>
    list.filter(({ name }) => !old.some((one) => one.name === name));
  for (const { name } of added(now.topics, before.topics)) await smq.deleteTopic(name);
  for (const { topic, name } of now.subscriptions)
    if (!before.subscriptions.some((one) => one.topic === topic && one.name === name))
      await smq.unsubscribe(topic, name).catch(() => {}); // its topic is already gone
  for (const { name } of added(now.queues, before.queues)) await smq.deleteQueue(name);
  await setMessaging(smq, before);
}
