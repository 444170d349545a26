import type { Clock } from '../clock/clock.ts';

/** The messages of one group that have been received, in their order. */
interface Line {
  /** Ends when the last of them is done with. */
  tail: Promise<void>;
  length: number;
  /** One of them failed: those after it are not begun. */
  stopped: boolean;
}

/** What is to be done with a message when its turn has come. */
export interface Turn {
  /** Another of its group failed before it: it must not be handled. */
  stopped: boolean;
  /** Milliseconds until that one is visible again; 0 when it is. */
  heldFor: number;
}

/**
 * Handles the messages of a group one after the other, in the order they were received in, and stops
 * a group after a failure until the message that failed is visible again. SMQ does the same between
 * receives (page sequential-message: a group waits until its message is deleted or visible again);
 * whether one answer may have several messages of a group is not documented.
 */
export class Groups {
  readonly #clock: Clock;
  readonly #lines = new Map<string, Line>();
  /** Until when a group is stopped. */
  readonly #heldUntil = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a message of a group is in hand: others of that group may be in the queue, and are not received. */
  get busy(): boolean {
    return this.#lines.size > 0;
  }

  /** Runs `work` when those before it in the group are done with. `work` gives the time at which its message is visible again; undefined when it never will be. */
  inTurn(group: string, work: (turn: Turn) => Promise<number | undefined>): Promise<void> {
    const line = this.#lines.get(group) ?? { tail: Promise.resolve(), length: 0, stopped: false };
    this.#lines.set(group, line);
    line.length++;
    line.tail = line.tail.then(async () => {
      const heldFor = this.#heldFor(group);
      const visibleAt = await work({ stopped: line.stopped || heldFor > 0, heldFor });
      if (visibleAt !== undefined) {
        line.stopped = true;
        this.#heldUntil.set(group, Math.max(visibleAt, this.#heldUntil.get(group) ?? 0));
      }
      if (--line.length === 0) this.#lines.delete(group);
    });
    return line.tail;
  }

  #heldFor(group: string): number {
    const heldFor = (this.#heldUntil.get(group) ?? 0) - this.#clock.now();
    if (heldFor <= 0) this.#heldUntil.delete(group);
    return Math.max(0, heldFor);
  }
}
