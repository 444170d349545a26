import type { OssClient } from './client.ts';

/**
 * The content of an object, held in memory whole, of `maxBytes` at most, unpacked where it is stored
 * with a Content-Encoding: as OssClient.getObject with `maxBytes`. Needs oss:GetObject.
 */
export async function readObject(
  bucket: OssClient,
  key: string,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer> {
  return (await bucket.getObject(key, { maxBytes })).body;
}
