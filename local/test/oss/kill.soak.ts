import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type OssChild, startOssChild } from './child.ts';

const ROUNDS = 25;
const WRITERS = 6;

/**
 * The permitted states of a key: the version acknowledged last, or one that was in progress when
 * the process ended.
 */
interface Expected {
  acknowledged: number;
  attempted: number;
}

/** Returns the content of a version: of any length, determined by the version. */
function contentOf(key: string, version: number): Buffer {
  const seed = createHash('sha256').update(`${key} ${version}`).digest();
  const size = 1 + (seed.readUInt32LE(0) % (version % 5 === 0 ? 2_000_000 : 40_000));
  return Buffer.alloc(size, seed);
}

async function storeVersion({ client }: OssChild, key: string, version: number): Promise<void> {
  const content = contentOf(key, version);
  if (version % 3 !== 0) {
    await client.put(key, content);
    return;
  }
  const { uploadId } = await client.initMultipartUpload(key);
  const first = content.subarray(0, Math.min(content.length, 102_400));
  const pieces = content.length > 102_400 ? [first, content.subarray(102_400)] : [first];
  const parts = [];
  for (const [index, piece] of pieces.entries()) {
    const source = piece as never;
    const part = await client.uploadPart(key, uploadId, index + 1, source, 0, piece.length);
    parts.push({ number: index + 1, etag: (part as unknown as { etag: string }).etag });
  }
  await client.completeMultipartUpload(key, uploadId, parts);
}

async function check({ client }: OssChild, key: string, expected: Expected): Promise<number> {
  const got = await client.get(key).catch((error: { status: number }) => error.status);
  if (got === 404) {
    expect(expected.acknowledged, `${key} is gone`).toBe(0);
    return 0;
  }
  if (typeof got === 'number') throw new Error(`${key}: ${got}`);
  const versions = [expected.acknowledged, expected.attempted].filter((version) => version > 0);
  const found = versions.find((version) => contentOf(key, version).equals(got.content as Buffer));
  expect(found, `${key} is neither the old nor the new object`).toBeDefined();
  return found ?? 0;
}

it('a kill at any moment leaves the old object or the new one, whole, and no litter that stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'oss-kill-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const keys = Array.from({ length: WRITERS }, (_, index) => `key/${index}`);
  const state = new Map(keys.map((key) => [key, { acknowledged: 0, attempted: 0 }]));
  let stored = 0;

  for (let round = 0; round < ROUNDS; round += 1) {
    const oss = await startOssChild(folder);
    for (const [key, expected] of state) {
      const version = await check(oss, key, expected);
      state.set(key, { acknowledged: version, attempted: expected.attempted });
    }
    let running = true;
    const writers = keys.map(async (key) => {
      const expected = state.get(key) as Expected;
      while (running) {
        // Never the same number twice: what was cut off could not be distinguished from its repetition.
        expected.attempted += 1;
        try {
          await storeVersion(oss, key, expected.attempted);
        } catch (error) {
          if (running) throw error;
          return;
        }
        expected.acknowledged = expected.attempted;
        stored += 1;
      }
    });
    const failed = Promise.all(writers);
    await Promise.race([pause(40 + ((round * 37) % 260)), failed]);
    running = false;
    await oss.kill();
    await failed;
  }

  const oss = await startOssChild(folder);
  for (const [key, expected] of state) await check(oss, key, expected);
  await oss.kill();
  expect(stored).toBeGreaterThan(ROUNDS);
  // Orphans are swept an hour later; there is at most one for each writer and round.
  expect((await readdir(join(folder, 'tmp'))).length).toBeLessThanOrEqual(ROUNDS * WRITERS);
});
