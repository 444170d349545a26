import fs, { readdirSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openEnvironment } from '#src/data/lmdb';
import { repairEnvironment } from '#src/data/repair';
import { folderOf } from '#test/temporary-folder';

const TABLES = { texts: 'ordered' } as const;
/** Leaves nearly no room on any disk, until the test ends. */
function fillDisk(): void {
  const full = { bavail: 3, bsize: 4096 } as never;
  const spy = vi.spyOn(fs, 'statfsSync').mockReturnValue(full);
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
}

it('makes no environment on a full disk, which would end the process, and says why', async () => {
  const folder = join(folderOf(), 'deep', 'new');
  fillDisk();
  expect(() => openEnvironment(folder, { tables: TABLES })).toThrow(
    `Cannot open the data in "${folder}" (the disk is full)`,
  );
  expect(readdirSync(folder)).toEqual([]);
});

it('opens an environment on a full disk that was made before, for what needs no room', async () => {
  const folder = folderOf();
  await openEnvironment(folder, { tables: TABLES }).close();
  fillDisk();
  const environment = openEnvironment(folder, { tables: TABLES });
  expect([...environment.table('texts').range()]).toEqual([]);
  await environment.close();
});

it('repairs nothing onto a full disk', async () => {
  const folder = folderOf();
  await openEnvironment(folder, { tables: TABLES }).close();
  fillDisk();
  await expect(repairEnvironment(folder, join(folder, 'new'), TABLES)).rejects.toThrow(
    'the disk is full',
  );
});
