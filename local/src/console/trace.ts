import type { LogLine } from '../fc/logs.ts';
import { hasFailed, type NotedRequest } from '../requests/noted-request.ts';
import type { Account } from './account.ts';
import { Attribution, grouped, startOf } from './attribution.ts';
import type { History } from './history.ts';
import type { PastInvocation } from './past-invocation.ts';
import { type Message, messagesOf } from './trace-messages.ts';

/** An invocation that took part, with its requests and lines for this trace. */
export interface TracedInvocation {
  invocation: PastInvocation;
  requests: readonly NotedRequest[];
  lines: readonly LogLine[];
  /**
   * Number of its requests that may belong to another trace: it took part in several, and they name
   * none.
   */
  unclear: number;
}

/** Everything that one request triggered, as far as it can be followed. */
export interface Trace {
  /** Absent where nothing named one: then it is followed by the ids of messages and requests. */
  traceId?: string;
  invocations: readonly TracedInvocation[];
  messages: readonly Message[];
  /** It has more messages, which were not followed. */
  isPart: boolean;
}

/** Messages of one trace: each is looked for in every event. */
const MAX_FOLLOWED = 500;

const TRACE_ID = /^[0-9a-f]{32}$/;
/** A trace id in a `traceparent`, or in a log line. */
const NAMED = /\b00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}\b|"trace_?id":\s*"([0-9a-f]{32})"/gi;

/** The stored invocations, requests and messages of the account, in which to find traces. */
export class Traces {
  readonly #history: History;
  readonly #invocations: readonly PastInvocation[];
  readonly #byRequest: ReadonlyMap<string, PastInvocation[]>;
  /** Trace ids of the invocations that were looked at. */
  readonly #ids = new Map<PastInvocation, ReadonlySet<string>>();
  readonly #lines: ReadonlyMap<string, LogLine[]>;
  readonly #requests = new Map<PastInvocation, NotedRequest[]>();
  readonly #by = new Map<NotedRequest, PastInvocation>();
  readonly #messages: () => readonly Message[];
  /** Messages by the request that sent them. */
  readonly #sent: () => ReadonlyMap<NotedRequest | undefined, Message[]>;

  constructor({ fc, functions, requests, smq }: Account, history: History) {
    this.#history = history;
    this.#invocations = history.latest();
    this.#byRequest = grouped(this.#invocations, ({ requestId }) => requestId);
    const lines = functions.flatMap(({ name }) => fc?.logs(name) ?? []);
    this.#lines = grouped(lines, ({ requestId = '' }) => requestId);
    const all = requests.all();
    const attribution = new Attribution(history, all);
    for (const request of all) {
      const invocation = attribution.of(request)?.invocation;
      if (!invocation) continue;
      this.#by.set(request, invocation);
      const its = this.#requests.get(invocation);
      if (its) its.push(request);
      else this.#requests.set(invocation, [request]);
    }
    let messages: readonly Message[] | undefined;
    // Queues are searched only where a trace is requested.
    this.#messages = () => {
      messages ??= messagesOf(all, smq);
      return messages;
    };
    let sent: Map<NotedRequest | undefined, Message[]> | undefined;
    this.#sent = () => {
      sent ??= grouped(this.#messages(), ({ sentBy }) => sentBy);
      return sent;
    };
  }

  /** Returns the trace ids that an invocation's event, log lines and messages name. */
  idsOf(invocation: PastInvocation): ReadonlySet<string> {
    const known = this.#ids.get(invocation);
    if (known) return known;
    const ids = this.#findIds(invocation);
    this.#ids.set(invocation, ids);
    return ids;
  }

  #findIds(invocation: PastInvocation): Set<string> {
    const texts = [
      invocation.event.content.toString('latin1'),
      ...this.#linesOf(invocation).map(({ text }) => text),
    ];
    const ids = texts.flatMap((text) =>
      [...text.matchAll(NAMED)].map(([, parent, logged = '']) => parent ?? logged.toLowerCase()),
    );
    for (const { messages } of this.#requests.get(invocation) ?? [])
      for (const { traceId } of messages) if (traceId !== undefined) ids.push(traceId);
    return new Set(ids);
  }

  /**
   * Returns the trace of that id, or the one that an invocation's request began; undefined where
   * nothing of it is stored.
   */
  find(id: string): Trace | undefined {
    if (TRACE_ID.test(id)) return this.#follow(id, []);
    const begun = this.#byRequest.get(id) ?? [];
    const [traceId, another] = begun.flatMap((one) => [...this.idsOf(one)]);
    return traceId !== undefined && another === undefined
      ? this.#follow(traceId, begun)
      : this.#follow(undefined, begun);
  }

  #follow(traceId: string | undefined, begun: readonly PastInvocation[]): Trace | undefined {
    const messages = new Set<Message>();
    /** All requests that named one of the messages. */
    const touching = new Set<NotedRequest>();
    const found = new Set<PastInvocation>(begun);
    let isPart = false;
    const take = (message: Message): void => {
      if (messages.has(message)) return;
      if (messages.size >= MAX_FOLLOWED) {
        isPart = true;
        return;
      }
      messages.add(message);
      for (const request of message.requests) touching.add(request);
    };
    if (traceId !== undefined) {
      for (const message of this.#messages()) if (message.traceId === traceId) take(message);
      for (const one of this.#history.naming(traceId)) found.add(one);
      for (const one of this.#invocations)
        if (this.#linesOf(one).some(({ text }) => text.includes(traceId))) found.add(one);
    }
    const followed = new Set<Message>();
    for (let known = -1; known < found.size + messages.size; ) {
      known = found.size + messages.size;
      for (const message of messages) {
        if (followed.has(message)) continue;
        followed.add(message);
        for (const one of this.#setOffBy(message)) found.add(one);
      }
      for (const one of found) {
        const { requests } = this.#partOf(one, traceId, touching);
        for (const message of this.#sentBy(requests, traceId)) take(message);
        for (const next of this.#after(requests)) found.add(next);
      }
    }
    if (found.size + messages.size === 0) return undefined;
    return {
      ...(traceId !== undefined && { traceId }),
      invocations: [...found].map((one) => this.#partOf(one, traceId, touching)),
      messages: [...messages],
      isPart,
    };
  }

  #linesOf({ requestId }: PastInvocation): LogLine[] {
    return this.#lines.get(requestId) ?? [];
  }

  /** Returns the part of an invocation that belongs to one of its traces. */
  #partOf(
    invocation: PastInvocation,
    traceId: string | undefined,
    touching: ReadonlySet<NotedRequest>,
  ): TracedInvocation {
    const all = this.#requests.get(invocation) ?? [];
    const lines = this.#linesOf(invocation);
    const ids = this.idsOf(invocation);
    if (traceId === undefined || ids.size <= 1)
      return { invocation, requests: all, lines, unclear: 0 };
    const its = lines.filter(({ text }) => text.includes(traceId));
    const others = [...ids].filter((id) => id !== traceId);
    const requests = all.filter((request) => touching.has(request) || isNamed(request, its));
    const own = new Set(requests);
    return {
      invocation,
      requests,
      lines: lines.filter(
        ({ text }) => text.includes(traceId) || !others.some((id) => text.includes(id)),
      ),
      unclear: all.filter((one) => !own.has(one) && one.messages.length === 0).length,
    };
  }

  #sentBy(requests: readonly NotedRequest[], traceId: string | undefined): Message[] {
    return requests
      .flatMap((request) => this.#sent().get(request) ?? [])
      .filter(({ traceId: its = traceId }) => traceId === undefined || its === traceId);
  }

  /** Returns the invocations that received a message, or whose event it is. */
  #setOffBy(message: Message): PastInvocation[] {
    const { id } = message;
    return [
      ...message.leases.flatMap(({ request }) => this.#by.get(request) ?? []),
      ...this.#history.naming(id),
    ];
  }

  /**
   * Returns the invocations that a change of an object or a call of the API triggered: its event,
   * or its own id, is the request's.
   */
  #after(requests: readonly NotedRequest[]): PastInvocation[] {
    return requests
      .filter((one) => one.requestId !== '' && !hasFailed(one) && one.method !== 'GET')
      .flatMap(({ service, requestId }) => {
        if (service === 'FC') return this.#byRequest.get(requestId) ?? [];
        return service === 'OSS' ? this.#history.naming(requestId) : [];
      });
  }
}

/** Returns whether a line of the trace names the object of a request. */
function isNamed({ accesses }: NotedRequest, lines: readonly LogLine[]): boolean {
  return accesses.some(({ resource }) => {
    const key = /^acs:oss:[^:]*:[^:]*:[^/]+\/(.+)$/s.exec(resource)?.[1];
    return key !== undefined && lines.some(({ text }) => text.includes(key));
  });
}

/** Returns when the first of it began and the last of it ended, in milliseconds since the epoch. */
export function spanOf({ invocations, messages }: Trace): { from: number; to: number } {
  const starts = [
    ...invocations.map(({ invocation }) => startOf(invocation)),
    ...messages.flatMap(({ sentAt }) => sentAt ?? []),
  ];
  const ends = [
    ...invocations.map(({ invocation }) => invocation.at),
    ...messages.flatMap(({ sentAt, deletedAt, leases }) => [
      ...[deletedAt ?? sentAt ?? []].flat(),
      ...leases.map(({ from }) => from),
    ]),
  ];
  const from = Math.min(...starts);
  return { from, to: Math.max(from + 1, ...ends) };
}
