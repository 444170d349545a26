import { expect, it } from 'vitest';
import { Checkpoints, MAX_CHECKPOINT_BYTES } from '#src/oss/archive/checkpoints';
import { checkListSize } from '#src/oss/archive/objects';
import { OssClient } from '#src/oss/bucket/client';
import { OWNER, REGION } from '#test/local-account';
import { oddServer } from '#test/odd-server';
import { BUCKET } from '#test/oss/local-oss';

it('refuses an object that is too large for a checkpoint by its length, without waiting for it', async () => {
  const OSS_ENDPOINT = await oddServer((_request, response) => {
    const length = String(MAX_CHECKPOINT_BYTES + 1);
    response.writeHead(200, { 'content-length': length, 'x-oss-request-id': 'r', etag: '"E"' });
    response.write('{'); // And no more.
  });
  const env = { OSS_ENDPOINT };
  const client = new OssClient({ bucket: BUCKET, region: REGION, credentials: OWNER, env });
  await expect(new Checkpoints(client, 'state/', 'a').read(2)).rejects.toMatchObject({
    code: 'ObjectTooLarge',
    message: expect.stringContaining(String(MAX_CHECKPOINT_BYTES)),
  });
});

it('refuses an order whose list no checkpoint could hold', () => {
  const objects = (length: number) => [
    { key: 'k'.repeat(length), name: '', size: 1, eTag: 'E', modified: 0 },
  ];
  const MIB = 1024 * 1024;
  expect(() => checkListSize(objects(59 * MIB))).not.toThrow();
  expect(() => checkListSize(objects(60 * MIB))).toThrow(
    expect.objectContaining({ code: 'TooManyObjects' }),
  );
});
