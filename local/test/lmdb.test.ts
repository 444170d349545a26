import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openLmdb } from '#src/lmdb';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lmdb-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

it('opens what it has written, and an empty file', async () => {
  const path = await folder();
  await writeFile(join(path, 'data.mdb'), '');
  const first = openLmdb<string>(path, {});
  first.putSync('key', 'value');
  await first.close();
  const second = openLmdb<string>(path, {});
  expect(second.get('key')).toBe('value');
  await second.close();
});

it.each(['garbage', 'x'.repeat(10_000)])(
  'refuses a data file that is not LMDB’s, which would end the process',
  async (content) => {
    const path = await folder();
    await writeFile(join(path, 'data.mdb'), content);
    expect(() => openLmdb(path, {})).toThrow(
      expect.objectContaining({
        code: 'CannotOpenData',
        message: expect.stringContaining(join(path, 'data.mdb')),
        remedy: expect.stringContaining('remove it'),
      }),
    );
  },
);
