import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { BatchWriter } from '#src/oss/core/batch-writer';

async function newFile() {
  const folder = await mkdtemp(join(tmpdir(), 'batch-'));
  const path = join(folder, 'file');
  const file = await open(path, 'wx');
  onTestFinished(() => rm(folder, { recursive: true }));
  return { path, file };
}

it('writes chunks of all sizes in their order', async () => {
  const { path, file } = await newFile();
  const writer = new BatchWriter(file);
  const chunks = Array.from({ length: 300 }, (_, index) => Buffer.alloc(index * 50, index));
  for (const chunk of chunks) await writer.write(chunk);
  await writer.end();
  await file.close();
  expect((await readFile(path)).equals(Buffer.concat(chunks))).toBe(true);
});

it('has nothing to do for no chunk', async () => {
  const { path, file } = await newFile();
  await new BatchWriter(file).end();
  await file.close();
  expect(await readFile(path)).toHaveLength(0);
});

it('says at the latest at the end that a write failed', async () => {
  const { file } = await newFile();
  const writer = new BatchWriter(file);
  await file.close();
  await expect(
    (async () => {
      await writer.write(Buffer.from('a'));
      await writer.end();
    })(),
  ).rejects.toThrow();
});
