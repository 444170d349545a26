import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../data-folder.ts';

const NAME = 'addresses.json';

/** The console's variable, which no client reads. */
export const CONSOLE_ENDPOINT = 'CONSOLE_ENDPOINT';

/** Id of the cloud, which its console gives too: a port may by now be another cloud's. */
export const CLOUD_ID = 'CLOUD_ID';

/** Process that runs the cloud: one that was killed has left its file. */
const CLOUD_PROCESS = 'CLOUD_PROCESS';

/**
 * Writes the running cloud's addresses into the data folder, by the variables that clients read.
 * `close` removes the file.
 */
export async function writeAddresses(
  data: string,
  environment: Record<string, string>,
): Promise<{ close(): Promise<void> }> {
  const path = join(data, NAME);
  const all = { ...environment, [CLOUD_PROCESS]: String(process.pid) };
  await writeFile(path, `${JSON.stringify(all, undefined, 2)}\n`);
  return { close: () => rm(path, { force: true }) };
}

/** Returns the addresses of the cloud that runs on that data folder; empty when none does. */
export function readAddresses(data: string): Record<string, string> {
  const read = readFile(data);
  return hasEnded(read) ? {} : read;
}

/** Returns whether the cloud on that data folder was killed: it has left its addresses. */
export function wasKilled(data: string): boolean {
  return hasEnded(readFile(data));
}

function hasEnded({ [CLOUD_PROCESS]: pid }: Record<string, string>): boolean {
  return pid !== undefined && !isRunning(Number(pid));
}

function readFile(data: string): Record<string, string> {
  try {
    const read: unknown = JSON.parse(readFileSync(join(data, NAME), 'utf8'));
    if (typeof read !== 'object' || read === null) return {};
    return Object.fromEntries(
      Object.entries(read).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    );
  } catch {
    return {};
  }
}
