import type { Clock, Timer } from '../clock/clock.ts';

/** How long handlers may still be started. */
interface Time {
  clock: Clock;
  /** Milliseconds. */
  readonly left: number;
}

/**
 * Limits how many handlers run at a time. Messages that were received ahead wait here in their order, and
 * are refused as soon as no handler may be started any more.
 */
export class Slots {
  readonly #count: number;
  readonly #time: Time;
  readonly #waiting: ((taken: boolean) => void)[] = [];
  #running = 0;
  #late: Timer | undefined;

  constructor(count: number, time: Time) {
    this.#count = count;
    this.#time = time;
  }

  /** Handlers that could start at once; negative by as many as wait. */
  get free(): number {
    return this.#count - this.#running - this.#waiting.length;
  }

  /** Takes a slot when there is one. Resolves to false when no time is left before that. */
  async take(): Promise<boolean> {
    if (this.#time.left <= 0) return false;
    if (this.#running < this.#count) {
      this.#running++;
      return true;
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#late ??= this.#refuseLater();
    });
  }

  /** Gives a slot back, to the first that waits for one. */
  release(): void {
    this.#refuseLate();
    const next = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#stop();
    if (next) next(true);
    else this.#running--;
  }

  #refuseLater(): Timer {
    return this.#time.clock.after(this.#time.left, () => {
      if (!this.#refuseLate()) this.#late = this.#refuseLater();
    });
  }

  #refuseLate(): boolean {
    if (this.#time.left > 0) return false;
    this.#stop();
    for (const refuse of this.#waiting.splice(0)) refuse(false);
    return true;
  }

  #stop(): void {
    this.#late?.cancel();
    this.#late = undefined;
  }
}
