import { LocalCloudError } from 'fc-local/project';

/** `taken`: in use, perhaps by this very account. `elsewhere`: in another region. `unknown`: OSS gave no answer. */
export type BucketState = 'free' | 'taken' | 'elsewhere' | 'unknown';

/** Asks OSS, or the server OSS_ENDPOINT names, about a bucket's name, without a credential. */
export async function askForBucket(
  bucket: string,
  region: string,
  env: NodeJS.ProcessEnv = {},
): Promise<BucketState> {
  const other = env.OSS_ENDPOINT?.trim();
  const url = other
    ? `${other.replace(/\/$/, '')}/${bucket}/?location`
    : `https://${bucket}.oss-${region}.aliyuncs.com/?location`;
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) });
    return bucketState(response.status, await response.text());
  } catch {
    return 'unknown';
  }
}

/**
 * Reads OSS's answer: 404 NoSuchBucket for a free name, 403 for one in use, 403 with another endpoint for
 * another region.
 */
export function bucketState(status: number, body: string): BucketState {
  if (status === 404 && body.includes('NoSuchBucket')) return 'free';
  if (status === 301 || body.includes('must be addressed using')) return 'elsewhere';
  return status === 403 || status === 200 ? 'taken' : 'unknown';
}

/**
 * Throws LocalCloudError for a name that cannot be used. OSS does not say who owns a bucket: one in use may
 * be this stack's own, from an earlier deployment, so `confirm` asks a person. Without `confirm` there is
 * only a warning, so that a deployment can be repeated.
 */
export async function checkBucket(
  { bucket, region, state }: { bucket: string; region: string; state: BucketState },
  { warn, confirm }: { warn(text: string): void; confirm?(question: string): Promise<boolean> },
): Promise<void> {
  const other = 'give another BUCKET_NAME, or leave it empty for <app>-<account>';
  if (state === 'elsewhere')
    throw new LocalCloudError(
      'BucketElsewhere',
      `BUCKET_NAME is "${bucket}", which is in use in another region than ${region}`,
      other,
    );
  if (state === 'unknown') return warn(`OSS could not be asked whether "${bucket}" is free`);
  if (state === 'free') return;
  if (!confirm)
    return warn(`there is a bucket "${bucket}" already; unless it is this stack's, ${other}`);
  if (
    !(await confirm(
      `There is a bucket "${bucket}" already. Is it this stack's, from an earlier deployment?`,
    ))
  )
    throw new LocalCloudError('BucketTaken', `BUCKET_NAME is "${bucket}", which is in use`, other);
}
