import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { compiled } from './compiled.ts';

/**
 * Starts a local cloud with these options in its own process; returns which files of LMDB were
 * loaded there, native ones too.
 */
async function loadedOfLmdb(options: { data?: string }): Promise<string[]> {
  const program = `
    import { createRequire } from 'node:module';
    import { startLocalCloud } from '#src/main';
    const cloud = await startLocalCloud(${JSON.stringify(options)});
    const files = Object.keys(createRequire(process.cwd() + '/').cache);
    console.log(JSON.stringify(files.filter((file) => /[\\/]@?lmdb[\\/]/.test(file))));
    await cloud.close();`;
  const { file, remove } = await compiled(program);
  onTestFinished(remove);
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  return JSON.parse(stdout);
}

it('loads LMDB for a data folder, and none of it for a cloud in memory', async () => {
  const data = await mkdtemp(join(tmpdir(), 'lazy-lmdb-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const [inMemory, inFolder] = await Promise.all([loadedOfLmdb({}), loadedOfLmdb({ data })]);
  expect(inMemory).toEqual([]);
  expect(inFolder.length).toBeGreaterThan(0);
});
