import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { UploadCheckpoint } from '#src/oss/upload/types';
import { upload } from '#src/oss/upload/upload';
import { localOss } from '#test/oss/local-oss';

const PART = 100 * 1024;

/** Returns an upload stopped after its first `parts` parts. */
async function stopped(content: Buffer, parts: number) {
  const oss = await localOss();
  let checkpoint: UploadCheckpoint | undefined;
  const stop = new AbortController();
  await upload(oss.client, 'key', content, {
    partSize: PART,
    parallel: 1,
    signal: stop.signal,
    onCheckpoint(state) {
      checkpoint = state;
      if (state.parts.length === parts) stop.abort(new Error('stopped'));
    },
  }).catch(() => {});
  if (!checkpoint) throw new Error('no checkpoint');
  return { ...oss, checkpoint };
}

it.each([
  ['bytes', (rest: Buffer) => rest],
  [
    'a stream',
    (rest: Buffer) =>
      (async function* () {
        yield rest;
      })(),
  ],
])('continues after the existing parts, from %s that begin there', async (_, source) => {
  const content = randomBytes(4.5 * PART);
  const { client, checkpoint, stored } = await stopped(content, 2);
  const { size } = await upload(client, 'key', source(content.subarray(2 * PART)), {
    resumeFrom: checkpoint,
    sourceBegins: 'after-parts',
  });
  expect(size).toBe(content.length);
  expect((await stored('key')).equals(content)).toBe(true);
});

it('counts no part after a gap', async () => {
  const content = randomBytes(4 * PART);
  const { client, checkpoint, stored } = await stopped(content, 3);
  const parts = checkpoint.parts.filter(({ number }) => number !== 2);
  await upload(client, 'key', content.subarray(PART), {
    resumeFrom: { ...checkpoint, parts },
    sourceBegins: 'after-parts',
  });
  expect((await stored('key')).equals(content)).toBe(true);
});

it('completes an upload that has all of its parts', async () => {
  const content = randomBytes(2 * PART);
  const { client, checkpoint, stored } = await stopped(content, 2);
  await upload(client, 'key', Buffer.alloc(0), {
    resumeFrom: checkpoint,
    sourceBegins: 'after-parts',
  });
  expect((await stored('key')).equals(content)).toBe(true);
});
