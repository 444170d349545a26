import type { Clock, Timer } from '../../clock.ts';

/** One timer for the earliest of several future events. It may fire early, never late. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Timer | undefined;
  #due = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /**
   * Sets the timer to `due`, in milliseconds since the epoch, unless it is already set to an
   * earlier time.
   */
  set(due: number): void {
    if (due >= this.#due) return;
    this.#timer?.cancel();
    this.#due = due;
    this.#timer = this.#clock.after(due - this.#clock.now(), () => {
      this.#due = Number.POSITIVE_INFINITY;
      this.#ring();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
  }
}
