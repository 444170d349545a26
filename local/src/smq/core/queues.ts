import type { Clock } from '../../clock.ts';
import { outOfRange, SmqError } from '../errors.ts';
import { MAX_BATCH_BODY_BYTES } from '../limits.ts';
import {
  checkDeadLetterPolicy,
  checkQueueName,
  checkSameType,
  type DeadLetterPolicy,
  type Given,
  QUEUE_DEFAULTS,
  type QueueAttributes,
  queueAttributes,
} from './attributes.ts';
import { deadLetterCopy, type Place } from './dead-letter.ts';
import { DeadLetterSources } from './dead-letter-sources.ts';
import {
  type Message,
  type MessageInput,
  type MessageState,
  type SentMessage,
  sizeOf,
} from './message.ts';
import { Queue } from './queue.ts';
import { Registry } from './registry.ts';
import type { Change, QueueRecord, Store } from './store.ts';
import { messageRemoval, storedMessages } from './stored-messages.ts';

export interface QueueDescription extends QueueAttributes {
  name: string;
  deadLetter?: DeadLetterPolicy;
  createTime: number;
  lastModifyTime: number;
  counts: Record<MessageState, number>;
}

/** Whether a create made the resource, or found an identical one. */
export type Created = 'created' | 'unchanged';

export interface CoreOptions {
  clock: Clock;
  store: Store;
  strictHandles: boolean;
  longPolls: number;
  place: Place;
  onError(error: unknown): void;
}

/** All queues of the account. */
export class Queues {
  readonly all = new Registry<Queue>('QueueNotExist');
  readonly sources = new DeadLetterSources();
  readonly #options: CoreOptions;
  #nextId = 1;

  constructor(options: CoreOptions) {
    this.#options = options;
  }

  /** Loads the stored queues. */
  load(): void {
    const { store, onError } = this.#options;
    const byId = new Map<number, Queue>();
    for (const { value } of store.read('queues')) {
      // A record of an earlier version may lack a newer attribute.
      const attributes = { ...QUEUE_DEFAULTS, ...value.attributes };
      byId.set(value.id, this.#add({ ...value, attributes }));
    }
    for (const { key, value } of store.read('settings'))
      if (key === 'nextQueueId') this.#nextId = Number(value);
    const orphans: Change[] = [];
    for (const { queueId, sequence, content, lease } of storedMessages(store)) {
      const queue = byId.get(queueId);
      if (queue && content) queue.restore(content, sequence, lease);
      else orphans.push(...messageRemoval([queueId, sequence]));
    }
    if (orphans.length > 0) store.commit(orphans).catch(onError);
    for (const queue of byId.values()) queue.start();
  }

  /**
   * Throws InvalidQueueName, QueueNameLengthError, InvalidArgument, QueueAlreadyExist (it exists
   * with other attributes) or QueueNotExist (the dead-letter target). A dead-letter policy that is
   * not given is not compared.
   */
  async create(
    name: string,
    given: Given<QueueAttributes>,
    deadLetter?: DeadLetterPolicy,
  ): Promise<Created> {
    checkQueueName(name);
    const attributes = queueAttributes(given);
    if (deadLetter) this.#checkDeadLetter(name, deadLetter);
    const existing = this.all.find(name);
    if (existing) {
      const { attributes: present, deadLetter: policy } = existing.latest;
      const samePolicy = !deadLetter || (policy && sameValues(policy, deadLetter));
      await this.#options.store.pending();
      if (samePolicy && sameValues(present, attributes)) return 'unchanged';
      throw new SmqError('QueueAlreadyExist');
    }
    const now = this.#options.clock.now();
    const id = this.#nextId++;
    const record = {
      id,
      name,
      attributes,
      ...(deadLetter && { deadLetter }),
      createTime: now,
      lastModifyTime: now,
    };
    const queue = this.#add(record);
    await this.#options.store.commit(
      [
        { table: 'queues', key: name, value: record },
        { table: 'settings', key: 'nextQueueId', value: this.#nextId },
      ],
      () => {
        this.#remove(queue);
        queue.end({ deleted: true });
      },
    );
    return 'created';
  }

  /** Changes the given attributes; a policy of `'none'` removes the existing one. */
  async setAttributes(
    name: string,
    given: Given<QueueAttributes>,
    policy?: DeadLetterPolicy | 'none',
  ): Promise<void> {
    const { deadLetter: present, ...record } = this.all.get(name).latest;
    checkSameType('QueueType', record.attributes.queueType, given.queueType);
    const attributes = queueAttributes(given, record.attributes);
    const deadLetter = policy === 'none' ? undefined : (policy ?? present);
    if (policy && policy !== 'none') this.#checkDeadLetter(name, policy);
    await this.#update({ ...record, attributes, ...(deadLetter && { deadLetter }) });
  }

  /**
   * Sets or, without a policy, removes a queue's dead-letter policy. Throws QueueNotExist if its
   * target does not exist.
   */
  async setDeadLetter(name: string, policy: DeadLetterPolicy | undefined): Promise<void> {
    const { deadLetter: present, ...record } = this.all.get(name).latest;
    if (!policy) return present ? this.#update(record) : this.#options.store.pending();
    if (present && sameValues(present, policy)) return this.#options.store.pending();
    this.#checkDeadLetter(name, policy);
    await this.#update({ ...record, deadLetter: policy });
  }

  #checkDeadLetter(name: string, policy: DeadLetterPolicy): void {
    checkDeadLetterPolicy(policy);
    if (policy.queue === name)
      throw new SmqError('InvalidArgument', `Queue "${name}" can't be its own dead-letter queue.`);
    if (!this.all.find(policy.queue))
      throw new SmqError(
        'QueueNotExist',
        `The dead-letter queue "${policy.queue}" of queue "${name}" is not exist.`,
      );
  }

  describe(name: string): QueueDescription {
    const queue = this.all.get(name);
    const { attributes, deadLetter, createTime, lastModifyTime } = queue.record;
    const { counts } = queue;
    return {
      name,
      ...attributes,
      ...(deadLetter && { deadLetter }),
      createTime,
      lastModifyTime,
      counts,
    };
  }

  /** Deletes the queue; does nothing if it does not exist. */
  async delete(name: string): Promise<void> {
    const { store } = this.#options;
    const queue = this.all.find(name);
    if (!queue) return store.pending();
    this.#remove(queue);
    await store.commit([{ table: 'queues', key: name }, ...queue.removals()], () =>
      this.#take(queue),
    );
    queue.end({ deleted: true });
  }

  async send(name: string, input: MessageInput): Promise<SentMessage> {
    const queue = this.all.get(name);
    const message = queue.prepare(input);
    await this.#options.store.commit(queue.changesFor(message));
    return queue.admit(message);
  }

  /**
   * Returns one result for each input, in order: a message, or its error. Throws InvalidArgument if
   * all together are too large.
   */
  async sendBatch(name: string, inputs: MessageInput[]): Promise<(SentMessage | SmqError)[]> {
    const queue = this.all.get(name);
    const total = inputs.reduce((sum, input) => sum + sizeOf(input), 0);
    if (total > MAX_BATCH_BODY_BYTES)
      throw outOfRange('MessageBody', { min: 1, max: MAX_BATCH_BODY_BYTES, unit: 'bytes' });
    const prepared = inputs.map((input) => attempt(() => queue.prepare(input)));
    await this.#options.store.commit(
      prepared.flatMap((one) => (one instanceof SmqError ? [] : queue.changesFor(one))),
    );
    return prepared.map((one) => (one instanceof SmqError ? one : queue.admit(one)));
  }

  #add(record: QueueRecord): Queue {
    const { clock, store, strictHandles, longPolls, onError } = this.#options;
    const queue = new Queue(record, {
      clock,
      store,
      strictHandles,
      longPolls,
      onError,
      deadLetter: (from, messages) => this.#deadLetter(from, messages),
    });
    this.#take(queue);
    return queue;
  }

  #take(queue: Queue): void {
    this.all.set(queue.record.name, queue);
    this.sources.add(queue.record);
  }

  #remove(queue: Queue): void {
    this.all.remove(queue.record.name);
    this.sources.remove(queue.record);
  }

  async #update(record: QueueRecord): Promise<void> {
    const changed = { ...record, lastModifyTime: this.#options.clock.now() };
    const queue = this.all.get(record.name);
    const before = queue.latest;
    queue.latest = changed;
    const change: Change = { table: 'queues', key: record.name, value: changed };
    await this.#options.store.commit([change], () => {
      queue.latest = before;
    });
    // It may have been deleted meanwhile.
    const isThere = this.all.find(record.name) === queue;
    if (isThere) this.sources.remove(queue.record);
    queue.update(changed);
    if (isThere) this.sources.add(changed);
  }

  /**
   * Moves dead letters; all that are due go at once. Both writes are one transaction: after a kill
   * a message is in one of the two queues, and moves again from the first. Like a sent message, it
   * is in the second once it is stored: messages arrive in the order of their sequence, which is
   * the order of a group.
   */
  #deadLetter(from: Queue, messages: readonly Message[]): void {
    const target = this.all.find(from.record.deadLetter?.queue ?? '');
    if (!target) return;
    const { place, store, onError } = this.#options;
    const copies = messages.map(({ content }) =>
      target.prepareCopy(() => deadLetterCopy(content, from.record.name, place)),
    );
    const removals = messages.flatMap((message) => from.removalOf(message));
    const additions = copies.flatMap((copy) => target.changesFor(copy));
    store
      .commit([...removals, ...additions], from.releaseDead(messages))
      .then(() => {
        if (!target.deleted) target.admitAll(copies);
      })
      .catch(onError);
  }
}

function attempt<T>(run: () => T): T | SmqError {
  try {
    return run();
  } catch (error) {
    if (error instanceof SmqError) return error;
    throw error;
  }
}

/** Returns true if two flat records have the same values. */
export function sameValues<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((name) => a[name] === b[name]);
}
