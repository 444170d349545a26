import { DrivenClock } from 'fc-local/testing';
import { sleep } from '#src/clock/clock';
import type { DrainOptions } from '#src/consume/drain';
import { createLog } from '#src/log/log';
import { SmqClient } from '#src/smq/client';
import type { Message } from '#src/smq/types';
import { ACCOUNT, OWNER, REGION } from '#test/local-account';
import { schema } from './queue-of.ts';

/** One handler's run, in milliseconds from the start. */
interface Run {
  n: number;
  received: number;
  begun: number;
  ended: number;
}

interface SlowQueueOptions {
  messages: number;
  /** Milliseconds of each request, by a driven clock. */
  requestMs: number;
  /** Milliseconds of the lease of a message. */
  leaseMs?: number;
  /** Milliseconds of a handler. */
  handlerMs(n: number): number;
  groupOf?(n: number): string | undefined;
  /** When a message is sent, in milliseconds from the start and in their order; default all before it. */
  sentAt?(n: number): number;
}

/** Makes a queue whose requests take their time, without a service, with what became of it. */
export function slowQueue(options: SlowQueueOptions) {
  const { messages, requestMs, leaseMs = 600_000, handlerMs, groupOf, sentAt = () => 0 } = options;
  const clock = new DrivenClock();
  const start = clock.now();
  const queue = new SmqClient({
    accountId: ACCOUNT,
    region: REGION,
    credentials: OWNER,
  }).queue('q');
  const receives: { at: number; max: number }[] = [];
  /** When each message was received. */
  const received: number[] = [];
  const deleted: number[] = [];
  /** The changes of visibility, and when: messages given back, and leases extended. */
  const changes: { n: number; seconds: number; at: number }[] = [];
  const runs: Run[] = [];
  let next = 0;
  let inHand = 0;
  const most = { running: 0, inHand: 0 };
  let running = 0;

  const message = (n: number): Message => ({
    messageId: `m${n}`,
    body: JSON.stringify({ n }),
    bodyMd5: '',
    receiptHandle: String(n),
    enqueueTime: start + sentAt(n),
    firstDequeueTime: clock.now(),
    nextVisibleTime: clock.now() + leaseMs,
    dequeueCount: 1,
    priority: 8,
    userProperties: {},
    messageGroupId: groupOf?.(n),
  });
  const isSent = (n: number) => n < messages && start + sentAt(n) <= clock.now();
  queue.receiveBatch = async ({ max = 1, waitSeconds = 0 } = {}) => {
    receives.push({ at: clock.now() - start, max });
    await sleep(clock, requestMs);
    const until = next < messages ? start + sentAt(next) : Number.POSITIVE_INFINITY;
    const wait = Math.min(until - clock.now(), 1000 * waitSeconds);
    if (wait > 0) await sleep(clock, wait);
    const given: Message[] = [];
    while (given.length < max && isSent(next)) {
      received.push(clock.now() - start);
      given.push(message(next++));
    }
    inHand += given.length;
    most.inHand = Math.max(most.inHand, inHand);
    return given;
  };
  queue.deleteBatch = async (handles) => {
    await sleep(clock, requestMs);
    deleted.push(...handles.map(Number));
    inHand -= handles.length;
    return handles.map(() => ({ ok: true, value: undefined }));
  };
  queue.changeVisibility = async (handle, seconds) => {
    const at = clock.now() - start;
    await sleep(clock, requestMs);
    changes.push({ n: Number(handle), seconds, at });
    inHand--;
    return { receiptHandle: handle, nextVisibleTime: clock.now() + seconds * 1000 };
  };
  const handle = async ({ n }: { n: number }) => {
    most.running = Math.max(most.running, ++running);
    const run: Run = {
      n,
      received: received[n] ?? Number.NaN,
      begun: clock.now() - start,
      ended: Number.NaN,
    };
    runs.push(run);
    await sleep(clock, handlerMs(n));
    run.ended = clock.now() - start;
    running--;
  };
  /** Options of a drain with that much time, of which the last second is the reserve. */
  const drainOptions = (timeMs = 60_000): DrainOptions<{ n: number }> => ({
    schema,
    clock,
    log: createLog({ level: 'silent' }),
    deadline: { remaining: () => start + timeMs - clock.now() },
    reserveMs: 1000,
    handle,
  });
  return { clock, queue, receives, deleted, changes, runs, most, drainOptions };
}

/** Advances the clock, from one due call to the next, until the drain has ended. */
export async function ended<Value>(clock: DrivenClock, promise: Promise<Value>): Promise<Value> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  promise.then(end, end);
  while (!isOver) await clock.advance(100);
  return promise;
}
