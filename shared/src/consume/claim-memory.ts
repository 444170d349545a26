import { AppError } from '../errors/errors.ts';

interface Waiting {
  bytes: number;
  admit(): void;
}

/**
 * Limits how many bytes of claimed payloads are in memory together. Payloads are admitted in the order they
 * ask; one larger than the limit is admitted once it is alone, so that none waits forever.
 */
export class ClaimMemory {
  readonly #max: number;
  #open = 0;
  readonly #waiting: Waiting[] = [];

  /** Throws an AppError (`InvalidArgument`) unless `maxBytes` is a whole number of at least 1. */
  constructor(maxBytes: number) {
    if (!Number.isInteger(maxBytes) || maxBytes < 1)
      throw new AppError(`maxClaimBytes is ${maxBytes}`, {
        code: 'InvalidArgument',
        remedy: 'give a whole number of bytes, 1 at least',
      });
    this.#max = maxBytes;
  }

  /**
   * Resolves when there is room for that many bytes, to a function that frees it again. Rejects with the
   * signal's reason when the signal fires first.
   */
  take(bytes: number, signal: AbortSignal): Promise<() => void> {
    const own = Math.min(bytes, this.#max);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
        this.#admit(); // the next one may need less
      };
      const waiting: Waiting = {
        bytes: own,
        admit: () => {
          signal.removeEventListener('abort', stop);
          this.#open += own;
          resolve(this.#release(own));
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  #release(bytes: number): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#open -= bytes;
      this.#admit();
    };
  }

  #admit(): void {
    for (let [next] = this.#waiting; next; [next] = this.#waiting) {
      if (this.#open + next.bytes > this.#max) return;
      this.#waiting.shift();
      next.admit();
    }
  }
}
