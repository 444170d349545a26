/** Resolves once the process has been asked to stop (Ctrl-C or SIGTERM) and `close` is through. A second Ctrl-C ends it at once. */
export async function untilStopped(close: () => Promise<void>): Promise<void> {
  // Listeners for signals keep no process alive; the servers do.
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  process.once('SIGINT', () => process.exit(130));
  await close();
}
