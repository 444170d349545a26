import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = 'addresses.json';

/** The console's variable, which no client reads. */
export const CONSOLE_ENDPOINT = 'CONSOLE_ENDPOINT';

/**
 * Writes the running cloud's addresses into the data folder, by the variables that clients read.
 * `close` removes the file.
 */
export async function writeAddresses(
  data: string,
  environment: Record<string, string>,
): Promise<{ close(): Promise<void> }> {
  const path = join(data, NAME);
  await writeFile(path, `${JSON.stringify(environment, undefined, 2)}\n`);
  return { close: () => rm(path, { force: true }) };
}

/** Returns the addresses of the cloud that runs on that data folder; empty when none does. */
export function readAddresses(data: string): Record<string, string> {
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
