import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { holdDataFolder } from '#src/data-folder';
import { startLocalCloud } from '#src/main';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'data-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

it('is refused to a second local cloud, and free again once the first is closed', async () => {
  const data = await folder();
  const first = await startLocalCloud({ data });
  await expect(startLocalCloud({ data })).rejects.toMatchObject({
    code: 'DataFolderInUse',
    message: `The data folder "${data}" is in use by process ${process.pid}`,
  });
  await first.close();
  await (await startLocalCloud({ data })).close();
});

it('is given to one of many that ask at once', async () => {
  const data = await folder();
  const asked = await Promise.allSettled(Array.from({ length: 20 }, () => holdDataFolder(data)));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('is kept out of Git when it is new', async () => {
  const parent = await folder();
  const data = join(parent, '.local');
  await (await holdDataFolder(data)).close();
  expect(await readFile(join(data, '.gitignore'), 'utf8')).toBe('*\n');
  await (await holdDataFolder(parent)).close();
  expect(await readdir(parent)).toEqual(['.local']);
});

it('is free when the process that held it was killed', async () => {
  const data = await folder();
  const holder = spawn(process.execPath, ['-e', '0']);
  await once(holder, 'exit');
  await writeFile(join(data, 'lock'), String(holder.pid));
  await (await holdDataFolder(data)).close();
});

it('reports why a folder cannot be used', async () => {
  const data = join(await folder(), 'file');
  await writeFile(data, '');
  await expect(holdDataFolder(data)).rejects.toMatchObject({
    code: 'DataFolder',
    message: expect.stringMatching(/^Cannot use ".*file" as the data folder \(.*(EEXIST|ENOTDIR)/),
  });
});
