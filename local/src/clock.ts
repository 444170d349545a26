/** A pending call; `cancel` may be called twice and after it has run. */
export interface Timer {
  cancel(): void;
}

/**
 * The source of every wait and every expiry of the local cloud. What concerns the machine, such as
 * a process that must end, uses `realClock` even where a test drives the time.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once, `ms` milliseconds from now. A pending timer keeps no process alive. */
  after(ms: number, run: () => void): Timer;
}

/** The longest delay that Node's setTimeout takes; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The machine's own time. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const elapsed = stopwatch();
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const left = ms - elapsed();
      handle =
        left > MAX_DELAY_MS ? setTimeout(arm, MAX_DELAY_MS) : setTimeout(run, Math.max(0, left));
      handle.unref();
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  },
};

/**
 * Starts a stopwatch. The returned function gives the milliseconds since: real ones, by a monotonic
 * clock, even where a test drives the time.
 */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}

interface Pending {
  due: number;
  order: number;
  run: () => void;
}

/**
 * A clock that stands still until a test moves it. It starts at the real time, so that SDK requests
 * signed with the real date are accepted.
 */
export class DrivenClock implements Clock {
  #now: number;
  #order = 0;
  readonly #pending = new Set<Pending>();

  constructor(start: number = realClock.now()) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const entry = { due: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#pending.add(entry);
    return { cancel: () => void this.#pending.delete(entry) };
  }

  /** Number of pending calls. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Advances the time by `ms`, running due calls in order, each at its own time, and letting
   * promises and commits settle after each.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#pending.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  #next(end: number): Pending | undefined {
    let first: Pending | undefined;
    for (const entry of this.#pending) {
      if (entry.due > end) continue;
      const earlier =
        !first || entry.due < first.due || (entry.due === first.due && entry.order < first.order);
      if (earlier) first = entry;
    }
    return first;
  }
}

/** Turns for commits that follow from one another: each takes a turn of the event loop. */
const TURNS = 4;

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
