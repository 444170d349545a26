import type { OssClient } from './client.ts';

/**
 * Returns an object's whole content, at most `maxBytes`, unpacked if it is stored with a Content-Encoding,
 * as OssClient.getObject does with `maxBytes`. Needs oss:GetObject.
 */
export async function readObject(
  bucket: OssClient,
  key: string,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer> {
  return (await bucket.getObject(key, { maxBytes })).body;
}
