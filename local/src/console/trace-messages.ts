import { percentDecodeOrKeep } from '../percent.ts';
import type { NotedRequest, TouchedMessage } from '../requests/noted-request.ts';
import type { InspectedMessage } from '../smq/core/message.ts';
import type { SmqService } from '../smq/core/service.ts';

/** The time during which one receiver holds a message; times in milliseconds since the epoch. */
export interface Lease {
  from: number;
  /** Its end, which a change of visibility moves. */
  until: number;
  /** The receive. */
  request: NotedRequest;
}

/** A message of a queue or a topic, as far as known; times in milliseconds since the epoch. */
export interface Message {
  id: string;
  kind: 'queue' | 'topic';
  /** Name of the queue or the topic. */
  name: string;
  traceId?: string;
  sentAt?: number | undefined;
  /** Absent for a message that a subscription put there, and one sent too long ago. */
  sentBy?: NotedRequest;
  leases: Lease[];
  deletedAt?: number;
  /** Its current state in its queue. */
  now?: InspectedMessage;
  /** All requests that named it. */
  requests: Set<NotedRequest>;
}

/** Maximum number of queues that are searched, and of messages of each. */
const MAX_QUEUES = 200;
const MAX_MESSAGES = 200;

/**
 * Returns the messages that requests have sent, received or deleted, and those in queues that name
 * a trace.
 */
export function messagesOf(requests: readonly NotedRequest[], smq: SmqService): Message[] {
  const messages = new Messages();
  for (const request of requests) messages.note(request);
  for (const { name } of smq.listQueues({ limit: MAX_QUEUES }).items)
    for (const message of smq.inspect(name, MAX_MESSAGES)) messages.found(name, message);
  return messages.all;
}

class Messages {
  readonly #byId = new Map<string, Message>();
  readonly #byHandle = new Map<string, Message>();

  get all(): Message[] {
    return [...this.#byId.values()];
  }

  note(request: NotedRequest): void {
    const [, root, part = ''] = /^\/(queues|topics)\/([^/]+)/.exec(request.path) ?? [];
    const kind = root === 'topics' ? 'topic' : 'queue';
    for (const touched of request.messages)
      this.#note(request, touched, kind, percentDecodeOrKeep(part));
  }

  /** Adds a message found in its queue: it may come from a subscription, which is no request. */
  found(queue: string, inspected: InspectedMessage): void {
    const { id, userProperties = [], systemProperties = [], enqueueTime } = inspected;
    const parent = [...userProperties, ...systemProperties].find(
      ({ name }) => name === 'traceparent',
    );
    const traceId = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(parent?.value ?? '')?.[1];
    if (traceId === undefined && !this.#byId.has(keyOf('queue', queue, id))) return;
    const message = this.#get(id, 'queue', queue);
    message.now = inspected;
    message.sentAt ??= enqueueTime;
    if (traceId !== undefined) message.traceId = traceId;
  }

  #note(
    request: NotedRequest,
    { id, handle, enqueuedAt, visibleAt, traceId }: TouchedMessage,
    kind: Message['kind'],
    name: string,
  ): void {
    const key = `${name} ${handle ?? ''}`;
    const message = id === undefined ? this.#byHandle.get(key) : this.#get(id, kind, name);
    if (!message) return;
    message.requests.add(request);
    if (handle !== undefined) this.#byHandle.set(key, message);
    if (traceId !== undefined) message.traceId = traceId;
    const at = request.endedAt ?? request.at;
    const operation = request.operation ?? '';
    if (/Send|Publish/.test(operation)) {
      // A topic delivers before it answers.
      message.sentAt ??= kind === 'topic' ? request.at : at;
      message.sentBy = request;
    } else if (/Receive/.test(operation)) {
      message.sentAt ??= enqueuedAt;
      message.leases.push({ from: at, until: visibleAt ?? at, request });
    } else if (/Visibility/.test(operation)) {
      const last = message.leases.at(-1);
      if (last && visibleAt !== undefined) last.until = visibleAt;
      // The new handle replaces the one in the request.
      for (const { handle: other } of request.messages)
        if (other !== undefined) this.#byHandle.set(`${name} ${other}`, message);
    } else if (/Delete/.test(operation)) message.deletedAt = at;
  }

  #get(id: string, kind: Message['kind'], name: string): Message {
    const key = keyOf(kind, name, id);
    const known = this.#byId.get(key);
    if (known) return known;
    const message: Message = { id, kind, name, leases: [], requests: new Set() };
    this.#byId.set(key, message);
    return message;
  }
}

function keyOf(kind: Message['kind'], name: string, id: string): string {
  return `${kind} ${name} ${id}`;
}
