import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { crc64 } from '#src/oss/bucket/crc64';
import type { UploadCheckpoint, UploadSource } from '#src/oss/upload/types';
import { abandonUpload, upload } from '#src/oss/upload/upload';
import { BUCKET, localOss } from '../local-oss.ts';
import { fail, LARGE, options, PART, SMALL, slowly, throughProxy } from './through-proxy.ts';

describe('a checkpoint', () => {
  /** Returns the checkpoint of an upload that failed at part 3, kept as JSON. */
  async function interrupted() {
    let broken = true;
    const oss = await throughProxy((exchange) =>
      broken && exchange.part === 3 ? fail(exchange, 403) : false,
    );
    let kept = '';
    const onCheckpoint = (checkpoint: UploadCheckpoint) => {
      kept = JSON.stringify(checkpoint);
    };
    const attempt = upload(
      oss.client,
      'key',
      slowly(LARGE),
      options({ parallel: 1, onCheckpoint }),
    );
    await expect(attempt).rejects.toThrow('403');
    broken = false;
    oss.seen.length = 0;
    const resumeFrom: UploadCheckpoint = JSON.parse(kept);
    return { ...oss, resumeFrom };
  }

  it('keeps the parts of a failed upload, and the next one continues there', async () => {
    const { client, resumeFrom, left, partsSent, stored } = await interrupted();
    expect(resumeFrom.parts.map(({ number }) => number)).toEqual([1, 2]);
    expect(await left()).toHaveLength(1);
    const result = await upload(client, 'key', slowly(LARGE), { resumeFrom });
    expect(partsSent().toSorted()).toEqual([3, 4]);
    expect(result).toMatchObject({ size: LARGE.length, crc64: await crc64(LARGE) });
    expect((await stored('key'))?.equals(LARGE)).toBe(true);
    expect(await left()).toEqual([]);
  });

  it('does not mix two contents: a part that has changed is sent again', async () => {
    const { client, resumeFrom, partsSent, stored } = await interrupted();
    const changed = Buffer.from(LARGE).fill(7, 3, 5);
    await upload(client, 'key', changed, { resumeFrom });
    expect(partsSent().toSorted()).toEqual([1, 3, 4]);
    expect((await stored('key'))?.equals(changed)).toBe(true);
  });

  it('works with a source that has become shorter, even than a part', async () => {
    const { client, resumeFrom, stored, left } = await interrupted();
    await upload(client, 'key', SMALL, { resumeFrom });
    expect(await stored('key')).toEqual(SMALL);
    expect(await left()).toEqual([]);
  });

  it('can be abandoned, once or twice', async () => {
    const { client, resumeFrom, left } = await interrupted();
    await abandonUpload(client, resumeFrom);
    expect(await left()).toEqual([]);
    await abandonUpload(client, resumeFrom);
    await expect(upload(client, 'key', LARGE, { resumeFrom })).rejects.toMatchObject({
      code: 'NoSuchUpload',
      remedy: expect.stringMatching(/without the checkpoint/),
    });
  });

  it('is refused when it is of another object or incomplete', async () => {
    const { client } = await localOss();
    const whole = { bucket: BUCKET, key: 'key', uploadId: 'id', partSize: PART, parts: [] };
    for (const change of [{ key: 'other' }, { bucket: 'other' }, { uploadId: '' }, { parts: [1] }])
      await expect(
        upload(client, 'key', LARGE, {
          resumeFrom: JSON.parse(JSON.stringify({ ...whole, ...change })),
        }),
      ).rejects.toMatchObject({ name: 'InvalidInputError', code: 'InvalidCheckpoint' });
  });
});

it.each([
  ['text', 'InvalidSource'],
  [undefined, 'InvalidSource'],
  [Readable.from(['text']), 'InvalidSource'],
  [42, 'InvalidSource'],
])('refuses the source %s', async (source, code) => {
  const { client } = await localOss();
  await expect(
    upload(client, 'key', source as unknown as UploadSource, options()),
  ).rejects.toMatchObject({ name: 'InvalidInputError', code });
});
