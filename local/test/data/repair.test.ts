import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEnvironment } from '#src/data/lmdb';
import { PAGE_HEAD } from '#src/data/page-file';
import { type Repaired, repairEnvironment } from '#src/data/repair';
import { seededRandom } from '#test/seeded-random';
import { fillSample, PAGE, recordsOf, TABLES } from './sample.ts';

/** The kind of a page that begins a long value. */
const LONG_VALUE = 4;

let root: string;
let from: string;
let intact: Buffer;
let wanted: Set<string>;
let folders = 0;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'repair-'));
  from = join(root, 'damaged');
  const { file, records } = await fillSample(from);
  intact = file;
  wanted = new Set(records);
});
afterAll(() => rmSync(root, { recursive: true }));

/** Repairs a changed file; returns the contents of the new folder, and the repair's report. */
async function repaired(changed: Buffer): Promise<Repaired & { records: string[] }> {
  writeFileSync(join(from, 'data.mdb'), changed);
  const to = join(root, `to-${folders++}`);
  const result = await repairEnvironment(from, to, TABLES);
  const environment = openEnvironment(to, { tables: TABLES });
  const records = recordsOf(environment);
  await environment.close();
  rmSync(to, { recursive: true });
  return { ...result, records };
}

const savedCount = ({ tables }: Repaired): number =>
  [...tables.values()].reduce((sum, { saved }) => sum + saved, 0);

describe('the repair of an environment', () => {
  it('saves all of one that is intact, and has nothing to list', async () => {
    const result = await repaired(intact);
    expect(result.problems).toEqual([]);
    expect(new Set(result.records)).toEqual(wanted);
    expect(savedCount(result)).toBe(wanted.size);
  });

  it('saves all records outside a page of zeros, invents nothing, and lists the page', async () => {
    let worst = 0;
    for (let page = 2; page < intact.length / PAGE; page++) {
      const result = await repaired(Buffer.from(intact).fill(0, page * PAGE, (page + 1) * PAGE));
      for (const record of result.records) expect(wanted.has(record), record).toBe(true);
      expect(savedCount(result)).toBe(result.records.length);
      const lost = wanted.size - result.records.length;
      if (lost > 0) expect(result.problems.length).toBeGreaterThan(0);
      worst = Math.max(worst, lost);
    }
    // A page has at most some dozens of these records; those that a branch leads to are found
    // without it.
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(40);
  });

  it('saves the state before the last transaction when the page that says where it is is damaged', async () => {
    for (const page of [0, 1]) {
      const result = await repaired(Buffer.from(intact).fill(0, page * PAGE, (page + 1) * PAGE));
      expect(result.problems.map(({ text }) => text)).toEqual([
        expect.stringContaining(page === 0 ? 'first page' : 'second page'),
      ]);
      expect(result.records.length).toBeGreaterThanOrEqual(wanted.size);
    }
  });

  it('saves the records in the first half of a file', async () => {
    const result = await repaired(intact.subarray(0, Math.floor(intact.length / 2)));
    expect(result.problems.at(-1)?.text).toContain('what was removed may be among');
    const right = result.records.filter((record) => wanted.has(record));
    expect(right.length).toBeGreaterThan(wanted.size / 5);
  });

  it('saves nothing of a file of 0 bytes, and says so', async () => {
    const result = await repaired(Buffer.alloc(0));
    expect(result.records).toEqual([]);
    expect(result.problems).toEqual([{ table: undefined, text: 'the file has 0 bytes' }]);
  });

  it('invents nothing wherever bytes are changed', async () => {
    const random = seededRandom(3);
    for (let round = 0; round < 60; round++) {
      const changed = Buffer.from(intact);
      for (let i = 0; i < 3; i++) {
        const at = 2 * PAGE + random(intact.length - 2 * PAGE);
        changed[at] = (changed[at] ?? 0) ^ (1 << random(8));
      }
      const result = await repaired(changed);
      for (const record of result.records) expect(wanted.has(record), record).toBe(true);
    }
  });

  it('lists a record whose long value is lost by its table and key, and saves all others', async () => {
    const { length } = intact;
    let found = 0;
    for (let page = 2; page < length / PAGE; page++) {
      const head = intact.subarray(page * PAGE, page * PAGE + PAGE_HEAD);
      if (head.readUInt32LE(0) !== page || head.readUInt16LE(18) !== LONG_VALUE) continue;
      const result = await repaired(
        Buffer.from(intact).fill(0, page * PAGE, page * PAGE + PAGE_HEAD),
      );
      const lost = [...wanted].filter((record) => !result.records.includes(record));
      if (lost.length === 0) continue; // a free page
      found++;
      expect(lost).toHaveLength(1);
      const [, key = ''] = /"key":(\[2,\d+\])/.exec(lost[0] ?? '') ?? [];
      expect(result.problems).toEqual([
        {
          table: 'messages',
          text: expect.stringContaining(
            `has a long value from page ${page} on, which is of another place: the record under ${key} is lost`,
          ),
        },
      ]);
    }
    expect(found).toBe(8);
  });

  it('lists a record that was changed by its table and key', async () => {
    const changed = Buffer.from(intact);
    changed.write('{"size":8}', changed.lastIndexOf('{"size":7}'));
    const result = await repaired(changed);
    expect(result.problems).toEqual([
      { table: 'bytes', text: 'the record under "bucket/key 7" is damaged' },
    ]);
    expect(result.tables.get('bytes')).toEqual({ saved: 7, of: 8 });
  });
});
