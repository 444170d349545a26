import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { OssService } from '../../oss/service.ts';
import type { BucketRecord, ObjectRecord } from '../../oss/store/types.ts';
import { HIDDEN, isSecretName } from '../../secrets.ts';
import type { SmqService } from '../../smq/core/service.ts';
import type { Property } from '../../smq/properties.ts';
import { type Account, all } from '../account.ts';
import { withoutSecrets } from '../secrets.ts';
import {
  CONTENT_BYTES,
  type End,
  FORMAT,
  type Head,
  kept,
  type StateRecord,
  VERSION,
} from './format.ts';

/** Maximum size of text objects that are searched for secrets. */
const MAX_SCANNED_BYTES = 1024 * 1024;

export interface WriteOptions {
  /** True keeps what is named like a secret in messages and objects. */
  keepSecrets: boolean;
}

/**
 * Yields the account's state at this moment, line by line; the content of objects is read while the
 * lines are.
 */
export async function* stateLines(
  { smq, oss, clock, accountId, region }: Account,
  { keepSecrets }: WriteOptions,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  let lines = 0;
  let hidden = 0;
  const line = (record: Head | StateRecord): string => {
    const text = `${JSON.stringify(record)}\n`;
    hash.update(text);
    lines++;
    return text;
  };
  const records = messagingRecords(smq);
  const { buckets, objects, release } = oss.snapshot.take();
  try {
    yield line({ format: FORMAT, version: VERSION, exportedAt: clock.now(), accountId, region });
    for (const record of records) {
      const shown = keepSecrets ? record : hiding(record);
      if (record.kind === 'message' && JSON.stringify(shown) !== JSON.stringify(record)) hidden++;
      yield line(shown);
    }
    for (const bucket of buckets)
      yield line({ kind: 'bucket', ...(keepSecrets ? bucket : hidingNamed(bucket)) });
    for (const object of objects) {
      const text = keepSecrets ? undefined : await hiddenContent(oss, object);
      const { segments: _, ...rest } = object;
      const shown = keepSecrets ? rest : hidingNamed(rest);
      if (text || JSON.stringify(shown) !== JSON.stringify(rest)) hidden++;
      yield line({ kind: 'object', ...shown, ...(text && { hidden: true }) });
      for await (const part of text ? [text] : contentOf(oss, object))
        for (let at = 0; at < part.length; at += CONTENT_BYTES)
          yield line({
            kind: 'content',
            data: part.subarray(at, at + CONTENT_BYTES).toString('base64'),
          });
    }
    const end: End = { kind: 'end', lines, sha256: hash.digest('hex'), hidden };
    yield `${JSON.stringify(end)}\n`;
  } finally {
    release();
  }
}

/** Returns all records at once: later lines must not be of a later moment. */
function messagingRecords(smq: SmqService): StateRecord[] {
  const records: StateRecord[] = [];
  const queues = all((marker) => smq.listQueues({ marker }));
  for (const { counts: _, createTime: __, lastModifyTime: ___, ...queue } of queues)
    records.push({ kind: 'queue', ...queue });
  const topics = all((marker) => smq.listTopics({ marker }));
  for (const { name, topicType, maximumMessageSize } of topics)
    records.push({ kind: 'topic', name, topicType, maximumMessageSize });
  for (const { name } of topics)
    for (const one of all((marker) => smq.listSubscriptions(name, { marker }))) {
      const { createTime: _, lastModifyTime: __, ...subscription } = one;
      records.push({ kind: 'subscription', ...subscription });
    }
  for (const { name } of queues)
    for (const one of smq.inspect(name, Number.POSITIVE_INFINITY))
      records.push({ kind: 'message', queue: name, ...kept(one) });
  return records;
}

function hiding(record: StateRecord): StateRecord {
  switch (record.kind) {
    case 'message': {
      const { userProperties, systemProperties } = record;
      return {
        ...record,
        body: hidingText(record.body),
        ...(userProperties && { userProperties: userProperties.map(hidingProperty) }),
        ...(systemProperties && { systemProperties: systemProperties.map(hidingProperty) }),
      };
    }
    case 'subscription':
      return { ...record, endpoint: withoutSecrets(record.endpoint) };
    default:
      return record;
  }
}

function hidingProperty(property: Property): Property {
  const { name, type, value } = property;
  if (type !== 'STRING' && type !== 'BINARY') return property;
  if (!isSecretName(name)) return { ...property, value: hidingText(value) };
  const binary = type === 'BINARY';
  return { ...property, value: binary ? Buffer.from(HIDDEN).toString('base64') : HIDDEN };
}

/** Base64 of at least four bytes, as SDKs send bodies. */
const BASE64 = /^(?:[\w+/]{4})+(?:[\w+/]{2}==|[\w+/]{3}=)?$/;

/** Returns a text without its secrets, those of a text in base64 included. */
function hidingText(text: string): string {
  const shown = withoutSecrets(text);
  if (shown !== text || !BASE64.test(text)) return shown;
  const content = Buffer.from(text, 'base64');
  if (!isUtf8(content)) return text;
  const inner = content.toString();
  const hidden = withoutSecrets(inner);
  return hidden === inner ? text : Buffer.from(hidden).toString('base64');
}

/** Returns a bucket or an object without the secrets in its metadata and tags. */
function hidingNamed<T extends Pick<BucketRecord, 'tags'> & { meta?: ObjectRecord['meta'] }>(
  record: T,
): T {
  const { meta, tags } = record;
  return {
    ...record,
    ...(meta && { meta: Object.fromEntries(Object.entries(meta).map(hidingPair)) }),
    ...(tags && { tags: tags.map(hidingTag) }),
  };
}

function hidingPair([name, value]: readonly [string, string]): [string, string] {
  return [name, isSecretName(name) ? HIDDEN : hidingText(value)];
}

/** As `hidingPair`, by a value that a tag can have: brackets it cannot. */
function hidingTag(tag: readonly [string, string]): [string, string] {
  const [name, value] = tag;
  return [name, hidingPair(tag)[1] === value ? value : 'hidden'];
}

/**
 * Returns the content without its secrets; undefined where there are none, and for content that is
 * not text or too long to search.
 */
async function hiddenContent(oss: OssService, object: ObjectRecord): Promise<Buffer | undefined> {
  if (object.size === 0 || object.size > MAX_SCANNED_BYTES) return undefined;
  const content = Buffer.concat(await contentOf(oss, object).toArray());
  if (!isUtf8(content)) return undefined;
  const text = content.toString();
  const shown = withoutSecrets(text);
  return shown === text ? undefined : Buffer.from(shown);
}

function contentOf(oss: OssService, object: ObjectRecord) {
  return oss.objects.stream(object);
}
