import { setTimeout as pause } from 'node:timers/promises';

const LONGEST_MS = 40_000;

/** Lets I/O go on, here and in other processes, until something holds, while a driven clock stands still. Fails after 40 seconds: before the test's own time is up, so as to say what was waited for. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + LONGEST_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${holds}`);
    await pause(1);
  }
}
