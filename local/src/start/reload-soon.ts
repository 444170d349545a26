import { randomUUID } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReloadingOptions } from './reloading.ts';
import type { Closable } from './started.ts';

/**
 * Begins to deploy changes again once whoever waits for the cloud has gone on: to watch a large
 * project takes as long as a third of the start. What changes from `since` on, a time by fileTime,
 * is noticed all the same.
 */
export function reloadSoon(options: ReloadingOptions, since: number): Closable {
  let closed = false;
  const begin = async (): Promise<Closable | undefined> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (closed) return undefined;
    const { reloading } = await import('./reloading.ts');
    return reloading(options, since);
  };
  const begun = begin().catch((error: unknown) => {
    options.say(`error: changes are not deployed: ${(error as Error).message}`);
    return undefined;
  });
  return {
    async close() {
      closed = true;
      await (await begun)?.close();
    },
  };
}

/** Returns the time that a file has which changes now: the system's clock for that lags by some milliseconds. */
export function fileTime(): number {
  const probe = join(tmpdir(), `fc-local-${randomUUID()}`);
  writeFileSync(probe, '');
  try {
    return statSync(probe).ctimeMs;
  } finally {
    rmSync(probe);
  }
}
