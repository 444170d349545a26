import { realClock, type Timer } from '../clock.ts';

/** Returns a promise, and what resolves it. */
export function deferred(): { promise: Promise<void>; resolve(): void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

/** Resolves when the work settles, or after so many milliseconds of real time. Rejects if the work does. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: Timer | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = realClock.after(ms, resolve);
  });
  await Promise.race([work, limit]);
  timer?.cancel();
}
