import type { Clock } from '../../clock.ts';
import type { QueueTriggerSpec } from '../../project/types.ts';
import { BATCH_SIZE, VISIBILITY_TIMEOUT, WAIT_SECONDS } from '../../smq/limits.ts';
import type { InvocationResult } from '../invocation.ts';
import { pause, pushWithRetries } from '../push-with-retries.ts';
import type { QueueAccess, QueueMessage } from '../sources.ts';
import { queueEvent } from './eventbridge-event.ts';
import type { Trigger } from './trigger.ts';

/** Seconds that a message stays hidden beyond the maximum duration of a push. */
const SPARE_SECONDS = 30;
/**
 * Milliseconds before the next attempt when the source, or the dead-letter queue, does not exist.
 */
const PAUSE_MS = 15_000;

export interface QueueTriggerOptions {
  clock: Clock;
  trigger: QueueTriggerSpec;
  accountId: string;
  region: string;
  /** The function's timeout, in seconds. */
  timeout: number;
  queues: QueueAccess;
  invoke(event: Buffer): Promise<InvocationResult>;
  /** Throws when the invocation is not accepted. */
  /** Resolves when the event is accepted. */
  invokeAsync(event: Buffer): Promise<void>;
  say(text: string): void;
}

/**
 * Pushes a queue's messages to the function, one batch at a time. A batch is deleted when the
 * function has succeeded; a failed one is pushed again as a whole. When retries are used up,
 * errorsTolerance decides: ALL drops it, into the dead-letter queue if there is one; NONE stops the
 * stream.
 */
export class QueueTrigger implements Trigger {
  readonly name: string;
  readonly #options: QueueTriggerOptions;
  readonly #stopped = new AbortController();

  constructor(options: QueueTriggerOptions) {
    this.#options = options;
    this.name = options.trigger.name;
  }

  start(): void {
    if (this.#options.trigger.enable) void this.#run();
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        const batch = await this.#collect();
        if (batch.length > 0 && !(await this.#push(batch))) return await this.#release(batch);
      } catch (error) {
        if (signal.aborted) return;
        const { say, clock } = this.#options;
        say(`${messageOf(error)}, received again in ${PAUSE_MS / 1000} s`);
        await pause(clock, PAUSE_MS, signal);
      }
    }
  }

  /** Waits for a first message, then for more until the batch is full or its window has passed. */
  async #collect(): Promise<QueueMessage[]> {
    const { clock, trigger } = this.#options;
    const { count, seconds } = trigger.batch;
    const batch = await this.#receive(count, WAIT_SECONDS.max);
    const end = clock.now() + seconds * 1000;
    while (batch.length > 0 && batch.length < count && !this.#stopped.signal.aborted) {
      const more = await this.#receive(count - batch.length, (end - clock.now()) / 1000);
      batch.push(...more);
      if (more.length === 0 && clock.now() >= end) break;
    }
    return batch;
  }

  /**
   * Receives messages and hides them for as long as the batch may be filled and pushed, whatever
   * the queue's own timeout.
   */
  async #receive(max: number, waitSeconds: number): Promise<QueueMessage[]> {
    const { queues, trigger } = this.#options;
    const messages = await queues.receive(trigger.queue, {
      max: Math.min(max, BATCH_SIZE.max),
      waitSeconds: Math.max(0, waitSeconds),
      signal: this.#stopped.signal,
    });
    await this.#hide(messages, trigger.batch.seconds);
    return messages;
  }

  /** Pushes a batch. Returns false when the stream must stop. */
  async #push(batch: readonly QueueMessage[]): Promise<boolean> {
    const { clock, trigger, say } = this.#options;
    const { signal } = this.#stopped;
    try {
      await pushWithRetries(() => this.#attempt(batch), {
        clock,
        strategy: trigger.strategy,
        signal,
        onFailure: (error, delayMs) => {
          say(`${messageOf(error)}, pushed again in ${Math.round(delayMs / 1000)} s`);
          void this.#hide(batch, delayMs / 1000);
        },
      });
    } catch (error) {
      if (signal.aborted) return false;
      if (trigger.errorsTolerance === 'NONE') {
        say(`${messageOf(error)}, no more retries: errorsTolerance NONE blocks the stream`);
        return false;
      }
      await this.#drop(batch, error);
    }
    await this.#delete(batch);
    return true;
  }

  async #attempt(batch: readonly QueueMessage[]): Promise<void> {
    const { clock, trigger, invoke, invokeAsync } = this.#options;
    const event = queueEvent(batch, trigger, { ...this.#options, now: clock.now() });
    if (trigger.asynchronous) return invokeAsync(event);
    const { errorType, body } = await invoke(event);
    if (errorType) throw new Error(`${errorType}: ${body.toString()}`);
  }

  /** Sends each message to the dead-letter queue, as it was originally sent. */
  async #drop(batch: readonly QueueMessage[], error: unknown): Promise<void> {
    const { trigger, queues, say } = this.#options;
    const target = trigger.deadLetterQueue;
    const where = target === undefined ? 'dropped' : `moved to "${target}"`;
    say(`${messageOf(error)}, no more retries: ${batch.length} messages ${where}`);
    if (target !== undefined) for (const { body } of batch) await queues.send(target, body);
  }

  /**
   * Keeps the batch hidden for a wait, the push after it and some time to spare. A message that
   * became visible anyway is delivered again: delivery is at least once.
   */
  async #hide(batch: readonly QueueMessage[], waitSeconds: number): Promise<void> {
    const { queues, timeout, trigger } = this.#options;
    const seconds = Math.ceil(waitSeconds + timeout + SPARE_SECONDS);
    const hidden = Math.min(seconds, VISIBILITY_TIMEOUT.max);
    await settled(batch, async (message) => {
      message.receiptHandle = await queues.hide(trigger.queue, message.receiptHandle, hidden);
    });
  }

  /** Makes the batch visible again at once, for the next receiver. */
  async #release(batch: readonly QueueMessage[]): Promise<void> {
    const { queues, trigger } = this.#options;
    await settled(batch, ({ receiptHandle }) => queues.hide(trigger.queue, receiptHandle, 0));
  }

  async #delete(batch: readonly QueueMessage[]): Promise<void> {
    const { queues, trigger } = this.#options;
    await settled(batch, ({ receiptHandle }) => queues.delete(trigger.queue, receiptHandle));
  }
}

async function settled(
  batch: readonly QueueMessage[],
  each: (message: QueueMessage) => Promise<unknown>,
): Promise<void> {
  await Promise.allSettled(batch.map(each));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
