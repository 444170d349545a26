import { hasCode } from 'fc-kit/handler';
import { OssClient } from 'fc-kit/oss';
import type { Account } from '../cloud/account.ts';
import { publicNetwork } from '../cloud/endpoints.ts';

const PAGE = 1000;
const AT_ONCE = 16;

/** Returns a client of one of the account's buckets, for use outside the cloud. */
export function bucketOf(account: Account, bucket: string): OssClient {
  const { region, credentials, env } = account;
  return new OssClient({ bucket, region, credentials, env: publicNetwork(env) });
}

/**
 * Whether a bucket holds an object, or parts of uploads that were never completed: either keeps OSS from
 * deleting it. False if the bucket does not exist.
 */
export async function holdsSomething(bucket: OssClient): Promise<boolean> {
  try {
    const { objects } = await bucket.listObjects({ max: 1 });
    return objects.length > 0 || (await uploadsIn(bucket)).length > 0;
  } catch (error) {
    if (hasCode(error, 'NoSuchBucket')) return false;
    throw error;
  }
}

/**
 * Deletes all objects of a bucket, and the parts of uploads that were never completed. Resolves to their
 * number. Does not delete old versions in a bucket that keeps versions.
 */
export async function emptyBucket(bucket: OssClient): Promise<number> {
  let count = 0;
  for (;;) {
    const { objects } = await bucket.listObjects({ max: PAGE });
    if (objects.length === 0) break;
    for (let from = 0; from < objects.length; from += AT_ONCE)
      await Promise.all(
        objects.slice(from, from + AT_ONCE).map(({ key }) => bucket.deleteObject(key)),
      );
    count += objects.length;
  }
  const sdk = await bucket.sdk();
  for (;;) {
    const uploads = await uploadsIn(bucket);
    if (uploads.length === 0) return count;
    for (let from = 0; from < uploads.length; from += AT_ONCE)
      await Promise.all(
        uploads
          .slice(from, from + AT_ONCE)
          .map(({ name, uploadId }) => sdk.abortMultipartUpload(name, uploadId)),
      );
    count += uploads.length;
  }
}

async function uploadsIn(bucket: OssClient): Promise<{ name: string; uploadId: string }[]> {
  const sdk = await bucket.sdk();
  const { uploads } = (await sdk.listUploads({ 'max-uploads': PAGE }, {})) as {
    uploads?: { name: string; uploadId: string }[];
  };
  return uploads ?? [];
}
