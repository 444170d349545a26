/** A pending call; `cancel` is safe to call twice and after it has run. */
export interface Timer {
  cancel(): void;
}

/** The kit's source of time and timers, so that a test can drive it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once, `ms` milliseconds from now. */
  after(ms: number, run: () => void): Timer;
}

/** A clock for durations that must not change when the machine's clock is set. */
export interface SteadyClock {
  /** Milliseconds since the epoch; may jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds since an arbitrary moment; only ever increases. */
  monotonic(): number;
}

export const systemClock: Clock & SteadyClock = {
  now: () => Date.now(),
  // `performance` would have Node load nine of its modules.
  monotonic() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
  after(ms, run) {
    const handle = setTimeout(run, Math.max(0, ms));
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves in `ms` milliseconds, or as soon as `signal` fires. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: Timer | undefined;
    const end = () => {
      timer?.cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    timer = clock.after(signal?.aborted ? 0 : ms, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}
