import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { expect, it, onTestFinished } from 'vitest';
import { openEnvironment } from '#src/data/lmdb';

const TABLES = { pairs: 'ordered', bytes: 'binary' } as const;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lmdb-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

it('opens an environment that it has written, and an empty file that it never wrote to', async () => {
  const path = await folder();
  await writeFile(join(path, 'data.mdb'), '');
  const value = { text: 'ä \ud800 \u{1F600}', numbers: [1, 2.5], nothing: null };
  const first = openEnvironment(path, { tables: TABLES });
  first.write(() => {
    first.table('pairs').put([1, 2 ** 40], value);
    first.table('bytes').put(Buffer.from([0, 255]), 'x');
  }, true);
  await first.close();
  const second = openEnvironment(path, { tables: TABLES });
  expect(second.table('pairs').get([1, 2 ** 40])).toEqual(value);
  expect([...second.table<string, Buffer>('bytes').range()]).toEqual([
    { key: Buffer.from([0, 255]), value: 'x' },
  ]);
  await second.close();
});

it('writes all of a transaction or nothing', async () => {
  const environment = openEnvironment(await folder(), { tables: TABLES, say: () => {} });
  const table = environment.table<string, string>('pairs');
  expect(() =>
    environment.write(() => {
      table.put('a', 'first');
      table.put('k'.repeat(5000), 'a key that is too long');
    }, true),
  ).toThrow(expect.objectContaining({ code: 'DataNotWritten' }));
  expect([...table.range()]).toEqual([]);
  await environment.close();
});

it('gives the records of an older version their checksums', async () => {
  const path = await folder();
  const root = open({ path, noSubdir: false, maxDbs: 4 });
  const old = {
    pairs: root.openDB<unknown, [number, number]>({ name: 'pairs' }),
    bytes: root.openDB<unknown, Buffer>({ name: 'bytes', keyEncoding: 'binary' }),
  };
  await old.pairs.put([1, 2], { id: 'A', body: 'old' });
  await old.bytes.put(Buffer.from('bucket\0key'), { size: 3 });
  await root.close();
  for (const _ of ['migrated', 'opened again']) {
    const environment = openEnvironment(path, { tables: TABLES });
    expect(environment.table('pairs').get([1, 2])).toEqual({ id: 'A', body: 'old' });
    expect(environment.table('bytes').get(Buffer.from('bucket\0key'))).toEqual({ size: 3 });
    await environment.close();
  }
});

it('refuses a folder of a newer version', async () => {
  const path = await folder();
  await openEnvironment(path, { tables: TABLES }).close();
  await writeFile(join(path, 'made'), '3');
  expect(() => openEnvironment(path, { tables: TABLES })).toThrow(
    expect.objectContaining({ code: 'OtherDataFormat' }),
  );
});

it.each(['garbage', 'x'.repeat(10_000)])(
  'refuses a data file that is not LMDB’s, which would end the process',
  async (content) => {
    const path = await folder();
    await writeFile(join(path, 'data.mdb'), content);
    expect(() => openEnvironment(path, { tables: TABLES })).toThrow(
      expect.objectContaining({
        code: 'CannotOpenData',
        message: expect.stringContaining(join(path, 'data.mdb')),
        remedy: expect.stringContaining('remove its folder'),
      }),
    );
  },
);

it('opens a folder whose disk was full when the file of its format was written', async () => {
  const path = await folder();
  await writeFile(join(path, 'made'), '');
  const first = openEnvironment(path, { tables: TABLES });
  first.write(() => first.table('pairs').put([1, 2], 'x'), true);
  await first.close();
  const second = openEnvironment(path, { tables: TABLES });
  expect(second.table('pairs').get([1, 2])).toBe('x');
  await second.close();
});
