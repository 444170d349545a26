import * as crypto from 'node:crypto';
import { inRange, outOfRange } from '../errors.ts';
import { DEFAULT_PRIORITY, DELAY_SECONDS, PRIORITY } from '../limits.ts';
import { checkExtras, type Extras, type Property } from '../properties.ts';
import { checkGroup, type QueueAttributes } from './attributes.ts';

/** A message as a sender gives it. Priority 1 is the highest; an absent delay is the queue's. */
export interface MessageInput extends Extras {
  body: string;
  delaySeconds?: number | undefined;
  priority?: number | undefined;
}

/** The part of a message that never changes. Times are milliseconds since the epoch. */
export interface MessageContent {
  readonly id: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly priority: number;
  readonly enqueueTime: number;
  readonly userProperties?: Property[];
  readonly systemProperties?: Property[];
  readonly groupId?: string;
  /** For a message in a dead-letter queue: the queue it was received from too often. */
  readonly deadLetterOf?: string;
}

/**
 * The state that a send, a receive or a change of visibility sets; a receipt handle names one
 * lease.
 */
export interface Lease {
  /** How often the message has been received. */
  readonly dequeueCount: number;
  readonly firstDequeueTime?: number;
  /** When the lease, or the delay, began. */
  readonly start: number;
  /** When the message is visible (again). */
  readonly visibleAt: number;
  /** How often the visibility was changed since the last receive. */
  readonly changes: number;
  /** Chosen at each receive, so that a handle cannot be guessed. */
  readonly nonce: string;
}

export type MessageState = 'active' | 'inactive' | 'delayed';

/** A message in a queue. The last fields are its positions in the queue's own structures. */
export interface Message {
  readonly content: MessageContent;
  /** Order of arrival in its queue, and part of its key in the store. */
  readonly sequence: number;
  lease: Lease;
  state: MessageState;
  slot: number;
  older: Message | undefined;
  newer: Message | undefined;
}

export interface SentMessage {
  messageId: string;
  bodyMd5: string;
  /** Only for a delayed message. */
  receiptHandle?: string;
}

export interface ReceivedMessage extends MessageContent {
  receiptHandle: string;
  firstDequeueTime: number;
  nextVisibleTime: number;
  dequeueCount: number;
}

export type PeekedMessage = MessageContent & { firstDequeueTime: number; dequeueCount: number };

/** A message with its current state in its queue, for inspection. */
export interface InspectedMessage extends MessageContent {
  state: MessageState;
  dequeueCount: number;
  /** When it becomes, or became, visible again. */
  visibleAt: number;
}

export interface ReceiveOptions {
  /** 1 to 16. */
  max?: number | undefined;
  /** Absent: the queue's PollingWaitSeconds. */
  waitSeconds?: number | undefined;
  /** Aborts the wait; nothing is taken then. A function is called only if there is a wait. */
  signal?: AbortSignal | (() => AbortSignal) | undefined;
}

const idBytes = crypto.randomBytes(16);
let ids = 0;

/**
 * Returns an id of 32 upper-case hexadecimal digits: 20 random for this process, 12 counted. It is
 * made from bytes: a string joined from parts keeps the parts, which takes two and a half times the
 * memory.
 */
export function newMessageId(): string {
  idBytes.writeUIntBE(++ids, 10, 6);
  return idBytes.toString('hex').toUpperCase();
}

export function md5(text: string): string {
  return hexMd5(text).toUpperCase();
}

/** Node's one-call hash, at a third of the cost, where it exists: from 20.12 on. */
const hexMd5: (text: string) => string = crypto.hash
  ? (text) => crypto.hash('md5', text)
  : (text) => crypto.createHash('md5').update(text).digest('hex');

/**
 * Throws InvalidArgument for a body, delay, priority, property or group out of bounds,
 * FifoMissingMessageGroupId for a missing group that a FIFO queue needs.
 */
export function checkInput(
  input: MessageInput,
  { maximumMessageSize, queueType }: QueueAttributes,
): void {
  checkGroup(queueType, input.groupId);
  checkSize(input, maximumMessageSize);
  if (input.delaySeconds !== undefined) inRange('DelaySeconds', input.delaySeconds, DELAY_SECONDS);
  if (input.priority !== undefined) inRange('Priority', input.priority, PRIORITY);
  checkExtras(input);
}

/**
 * Throws InvalidArgument for a body that is empty, or larger than `max` bytes together with its
 * properties.
 */
export function checkSize(input: Pick<MessageInput, 'body' | 'userProperties'>, max: number): void {
  if (input.body === '' || sizeOf(input) > max)
    throw outOfRange('MessageBody', { min: 1, max, unit: 'bytes' });
}

/**
 * Returns the bytes of a message as its limits count them: the body, and name, type and value of
 * each property (page message-properties).
 */
export function sizeOf({
  body,
  userProperties,
}: Pick<MessageInput, 'body' | 'userProperties'>): number {
  let size = Buffer.byteLength(body);
  if (!userProperties) return size;
  for (const { name, type, value } of userProperties)
    size += Buffer.byteLength(name + type + value);
  return size;
}

/** Returns the message that `input` makes at `now` in a queue with these attributes. */
export function newMessage(
  input: MessageInput,
  attributes: QueueAttributes,
  sequence: number,
  now: number,
): Message {
  const content: MessageContent = {
    id: newMessageId(),
    body: input.body,
    bodyMd5: md5(input.body),
    priority: input.priority ?? DEFAULT_PRIORITY,
    enqueueTime: now,
    ...(input.userProperties && { userProperties: input.userProperties }),
    ...(input.systemProperties && { systemProperties: input.systemProperties }),
    ...(input.groupId !== undefined && { groupId: input.groupId }),
  };
  const delay = (input.delaySeconds ?? attributes.delaySeconds) * 1000;
  return messageOf(content, sequence, firstLease(now, now + delay));
}

let lastFirstLease: Lease = { dequeueCount: 0, start: 0, visibleAt: 0, changes: 0, nonce: '' };

/**
 * Returns the lease of a message never received, visible at `visibleAt`. Messages with the same
 * times share one, which must never be changed: that saves a sixth of a small message's memory.
 */
export function firstLease(start: number, visibleAt: number): Lease {
  if (lastFirstLease.start !== start || lastFirstLease.visibleAt !== visibleAt)
    lastFirstLease = { dequeueCount: 0, start, visibleAt, changes: 0, nonce: '' };
  return lastFirstLease;
}

export function messageOf(content: MessageContent, sequence: number, lease: Lease): Message {
  const state = lease.dequeueCount > 0 ? 'inactive' : 'delayed';
  return { content, sequence, lease, state, slot: -1, older: undefined, newer: undefined };
}
