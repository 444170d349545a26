import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = 'addresses.json';

/** The console's, which no client reads. */
export const CONSOLE_ENDPOINT = 'CONSOLE_ENDPOINT';

/** Writes down in the data folder where the running cloud is, by the variables that clients read. `close` takes it away. */
export async function writeAddresses(
  data: string,
  environment: Record<string, string>,
): Promise<{ close(): Promise<void> }> {
  const path = join(data, NAME);
  await writeFile(path, `${JSON.stringify(environment, undefined, 2)}\n`);
  return { close: () => rm(path, { force: true }) };
}

/** Where the cloud that runs on that data folder is; empty when none does. */
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
