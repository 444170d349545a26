import type { OssClient } from './client.ts';
import { gather } from './gather.ts';

/**
 * An object's content, held in memory whole, of at most `maxBytes`. What is larger is refused with
 * an AppError (`ObjectTooLarge`) before any of it is read; content stored with a Content-Encoding of
 * gzip or deflate comes unpacked, as far as `maxBytes` and no further. Content that is not what its
 * Content-Encoding says, or is packed in another way, is a ServiceError (`UnexpectedAnswer`)
 * that is not retryable. Otherwise as OssClient.getObjectStream. Needs oss:GetObject.
 */
export async function readObject(
  bucket: OssClient,
  key: string,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer> {
  const object = await bucket.getObjectStream(key);
  return gather(object, { name: 'GetObject', bucket: bucket.bucket, key }, maxBytes);
}
