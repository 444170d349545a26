import type { Clock } from '../clock/clock.ts';
import type { ItemResult } from '../concurrency/item-result.ts';
import { hasCode, isTransient, ServiceError, toError } from '../errors/errors.ts';
import { retrying } from '../retry/retry.ts';
import { MAX_BATCH } from '../smq/limits.ts';
import type { Queue } from '../smq/queue.ts';
import type { Receipt } from './lease.ts';

interface Waiting extends Receipt {
  settle(result: ItemResult<undefined>): void;
}

/**
 * Takes deletes one by one and sends them in batches: deletes that come during a request go together in the
 * next, except that 16 are sent at once. A failed request is sent again; each message's own result is read.
 */
export class Deletes {
  readonly #queue: Queue;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #scheduled = false;

  constructor(queue: Queue, clock: Clock) {
    this.#queue = queue;
    this.#clock = clock;
  }

  /** Deletes a message. Never rejects: if the message may still be in the queue, the result holds an error. */
  delete(receipt: Receipt): Promise<ItemResult<undefined>> {
    return new Promise((settle) => {
      this.#waiting.push({ handle: receipt.handle, ends: receipt.ends, settle });
      this.#schedule();
    });
  }

  /** Handlers that end in the same turn of the event loop share a request. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#waiting.length >= MAX_BATCH || (this.#waiting.length > 0 && this.#underWay === 0))
      void this.#send(this.#waiting.splice(0, MAX_BATCH));
  }

  async #send(batch: Waiting[]): Promise<void> {
    this.#underWay++;
    let left = batch;
    const settle = (waiting: Waiting, result: ItemResult<undefined>) => {
      left = left.filter((other) => other !== waiting);
      waiting.settle(result);
    };
    try {
      await retrying(
        async (before) => {
          const asked = left;
          const results = await this.#queue.deleteBatch(asked.map(({ handle }) => handle));
          let again: Error | undefined;
          for (const [index, waiting] of asked.entries()) {
            const result = results[index];
            if (!result) throw new Error('Answer does not speak of each message');
            const held = this.#clock.now() < waiting.ends;
            if (result.ok || (held && before > 0 && isGone(result.error))) settle(waiting, OK);
            else if (isTransient(result.error)) again = result.error;
            else settle(waiting, result);
          }
          if (again) throw again;
        },
        { clock: this.#clock },
      );
    } catch (thrown) {
      const error = toError(thrown);
      for (const waiting of left) settle(waiting, { ok: false, error });
    }
    this.#underWay--;
    this.#flush();
  }
}

const OK = { ok: true, value: undefined } as const;

/**
 * Whether the message is gone. If a second try fails this way while the lease is still held, the first one
 * deleted it and its answer was lost.
 */
function isGone(error: Error): boolean {
  return error instanceof ServiceError && hasCode(error, 'MessageNotExist');
}
