import type { Clock } from '../clock/clock.ts';

/** The received messages of one group, in order. */
interface Line {
  /** Settles when the last of them is done. */
  tail: Promise<void>;
  length: number;
  /** One of them failed: those after it are not started. */
  stopped: boolean;
}

/** A message's turn in its group. */
export interface Turn {
  /** Another message of the group failed before it: it must not be handled. */
  stopped: boolean;
  /** Milliseconds until the failed message is visible again; 0 when it is visible. */
  heldFor: number;
}

/**
 * Handles the messages of a group one after the other, in the order they were received, and stops a group
 * after a failure until the failed message is visible again. SMQ does the same between receives (page
 * sequential-message: a group waits until its message is deleted or visible again); whether one answer may
 * hold several messages of a group is not documented.
 */
export class Groups {
  readonly #clock: Clock;
  readonly #lines = new Map<string, Line>();
  /** Until when each stopped group is stopped. */
  readonly #heldUntil = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Whether a message of a group is in hand: the queue may hold others of that group, which are not
   * received meanwhile.
   */
  get busy(): boolean {
    return this.#lines.size > 0;
  }

  /**
   * Runs `work` when the earlier messages of the group are done. `work` returns the time at which its
   * message is visible again, or undefined when it never will be.
   */
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
