import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, openEnvironment } from '#src/data/lmdb';

export const TABLES = { messages: 'ordered', bytes: 'binary' } as const;
export const PAGE = 4096;

/**
 * Fills an environment whose trees have branches, long values and free pages; returns its file and
 * its records.
 */
export async function fillSample(folder: string): Promise<{ file: Buffer; records: string[] }> {
  const environment = openEnvironment(folder, { tables: TABLES });
  const messages = environment.table<string, [number, number]>('messages');
  const bytes = environment.table<{ size: number }, Buffer>('bytes');
  for (let round = 0; round < 8; round++) {
    environment.write(() => {
      for (let i = 0; i < 40; i++) messages.put([1, round * 40 + i], 'x'.repeat(5 * i));
      messages.put([2, round], 'long '.repeat(2000));
      bytes.put(Buffer.from(`bucket\0key ${round}`), { size: round });
    }, true);
    environment.write(() => {
      for (let i = 0; i < 30; i++) messages.remove([1, round * 40 + i]);
    }, false);
  }
  const records = recordsOf(environment);
  await environment.close();
  return { file: readFileSync(join(folder, 'data.mdb')), records };
}

/** Returns every record as a line. */
export function recordsOf(environment: Environment): string[] {
  return Object.keys(TABLES).flatMap((name) =>
    [...environment.table(name).range()].map((entry) => `${name} ${JSON.stringify(entry)}`),
  );
}
