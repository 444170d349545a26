/** A Ctrl-C comes several times over: from the terminal, and passed on by npm and tsx. */
const SAME_CTRL_C_MS = 500;

/** Resolves once the process has been asked to stop (Ctrl-C or SIGTERM) and `close` is through. A second Ctrl-C ends it at once. */
export async function untilStopped(close: () => Promise<void>): Promise<void> {
  // Listeners for signals keep no process alive; the servers do.
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const asked = performance.now();
  process.on('SIGINT', () => {
    if (performance.now() - asked > SAME_CTRL_C_MS) process.exit(130);
  });
  await close();
}
