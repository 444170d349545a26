type Name = 'stdout' | 'stderr';

/** Taken before a function can replace them. */
const writers = { stdout: process.stdout.write, stderr: process.stderr.write };

/** Writes what is printed and not yet written; resolves at once where the system took all of it. */
export async function flushOutput(): Promise<void> {
  for (const name of ['stdout', 'stderr'] as const) if (isBuffering(name)) await flush(name);
}

/** Returns whether a stream has lines that the system did not take at once; none that the function holds back. */
function isBuffering(name: Name): boolean {
  const { destroyed, writableCorked, writableLength } = process[name];
  return !destroyed && writableCorked === 0 && writableLength > 0;
}

function flush(name: Name): Promise<void> {
  return new Promise((resolve) => {
    if (process[name].writableEnded) process[name].once('finish', resolve);
    else writers[name].call(process[name], '', 'utf8', () => resolve());
  });
}
