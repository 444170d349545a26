import { whenLauncherIsGone } from './launcher.ts';

/**
 * Milliseconds in which one Ctrl-C may arrive several times: from the terminal, and passed on by
 * npm and tsx.
 */
const SAME_CTRL_C_MS = 500;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves once the process has been asked to stop and `close` has finished: by Ctrl-C, SIGTERM or
 * SIGHUP (the terminal was closed), by the end of the reader of its output, or by the end of the
 * npx that started it. A second Ctrl-C ends it at once.
 */
export async function untilStopped(close: () => Promise<void>): Promise<void> {
  let ignoreLauncher = (): void => {};
  // Listeners for signals keep no process alive; the servers do.
  await new Promise<void>((resolve) => {
    const stop = (): void => resolve();
    for (const signal of SIGNALS) process.on(signal, stop);
    // Without a listener, a line for a closed terminal would end the process before it has closed
    // anything.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', stop);
    ignoreLauncher = whenLauncherIsGone(stop);
  });
  ignoreLauncher();
  const asked = performance.now();
  process.on('SIGINT', () => {
    if (performance.now() - asked > SAME_CTRL_C_MS) process.exit(130);
  });
  await close();
}
