import { setTimeout as pause } from 'node:timers/promises';

/**
 * Less than the usual limit of test runners on a busy machine, so that the failure shows the
 * condition.
 */
const MAX_WAIT_MS = 40_000;

/**
 * Lets I/O continue, here and in other processes, until `holds` returns true, or a promise of true,
 * while a driven clock stands still. Throws an Error that quotes `holds` after 40 seconds.
 */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + MAX_WAIT_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${holds}`);
    await pause(1);
  }
}
