import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Environment, openEnvironment } from '#src/data/lmdb';
import { isLeaf, readLeaf } from '#src/data/page';
import { PAGE_HEAD } from '#src/data/page-file';
import { seededRandom } from '#test/seeded-random';
import { fillSample, PAGE, recordsOf, TABLES } from './sample.ts';

let folder: string;
let file: string;
let intact: Buffer;
let wanted: string;

/** Returns a digest of all records. */
function digestOf(records: string[]): string {
  return createHash('md5').update(records.join()).digest('hex');
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
  file = join(folder, 'data.mdb');
  const sample = await fillSample(folder);
  intact = sample.file;
  wanted = digestOf(sample.records);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Opens and reads a changed file; returns its content, or the error. */
async function readWith(changed: Buffer): Promise<string> {
  writeFileSync(file, changed);
  let environment: Environment | undefined;
  try {
    environment = openEnvironment(folder, { tables: TABLES });
    return digestOf(recordsOf(environment));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    expect(error.message).toContain(file);
    return `${error.code}: ${error.message}`;
  } finally {
    await environment?.close();
  }
}

/** Returns the bytes that contain the position of each long value. */
function longValuesOf(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let start = 0; start < bytes.length; start += PAGE) {
    const page = bytes.subarray(start, start + PAGE);
    if (!isLeaf(page)) continue;
    for (const { value } of readLeaf(page, start / PAGE)) {
      if (Buffer.isBuffer(value)) continue;
      const pointer = Buffer.alloc(8);
      pointer.writeBigUInt64LE(BigInt(value.page));
      found.push(start + page.indexOf(pointer, PAGE_HEAD + page.readUInt16LE(22)));
    }
  }
  return found;
}

describe('the check of a data file', () => {
  it('finds nothing in one that is intact', async () => {
    expect(await readWith(intact)).toBe(wanted);
  });

  it('finds every page of zeros that belongs to something', async () => {
    let found = 0;
    for (let page = 0; page < intact.length / PAGE; page++) {
      const changed = Buffer.from(intact).fill(0, page * PAGE, (page + 1) * PAGE);
      const read = await readWith(changed);
      if (read === wanted) continue; // a free page
      expect(read).toMatch(/^DamagedData: .*(all zeros|damaged)/);
      found++;
    }
    expect(found).toBeGreaterThan(20);
  });

  it.each([0.5, 0.9, 0.1])('finds that only %d of the file is there', async (share) => {
    const read = await readWith(intact.subarray(0, Math.floor(intact.length * share)));
    expect(read).toMatch(/^DamagedData: .*after the end of the file/);
  });

  it('finds the end of the file wherever it is cut', async () => {
    for (let pages = 2; pages < intact.length / PAGE; pages++) {
      const read = await readWith(intact.subarray(0, pages * PAGE));
      if (read !== wanted) expect(read, `${pages} pages`).toMatch(/^DamagedData: /);
    }
  });

  it('finds a long value whose pages are not its own', async () => {
    let found = 0;
    for (const at of longValuesOf(intact))
      for (const page of [1, 2, intact.length / PAGE - 1, 2 ** 20, 2 ** 40]) {
        const changed = Buffer.from(intact);
        changed.writeBigUInt64LE(BigInt(page), at);
        const read = await readWith(changed);
        if (read === wanted) continue; // in a free page
        expect(read, `byte ${at}`).toMatch(/^DamagedData: /);
        found++;
      }
    expect(found).toBeGreaterThanOrEqual(40);
  });

  it('finds that a file that was made has 0 bytes', async () => {
    expect(await readWith(Buffer.alloc(0))).toMatch(/^DamagedData: .*the file has 0 bytes/);
  });

  it('finds that a file that was made is gone', () => {
    rmSync(file);
    expect(() => openEnvironment(folder, { tables: TABLES })).toThrow('the file is gone');
  });

  it('finds changed bytes wherever they say something', async () => {
    const random = seededRandom(11);
    let found = 0;
    for (let round = 0; round < 400; round++) {
      const changed = Buffer.from(intact);
      const at = random(intact.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << random(8));
      const read = await readWith(changed);
      if (read === wanted) continue;
      expect(read, `byte ${at}`).toMatch(/^(DamagedData|CannotOpenData): /);
      found++;
    }
    expect(found).toBeGreaterThan(20);
  });

  it('says the table and the key of a record that was changed', async () => {
    const changed = Buffer.from(intact);
    const at = changed.lastIndexOf('{"size":7}');
    changed.write('{"size":8}', at);
    expect(await readWith(changed)).toMatch(
      /DamagedData: .*bytes: The record under "bucket\/key 7" is damaged/,
    );
  });
});
