import { AppError, hasCode } from '../../errors/errors.ts';
import { retrying } from '../../retry/retry.ts';
import { checkKey } from '../bucket/check.ts';
import type { OssClient } from '../bucket/client.ts';
import { combineCrc64 } from '../bucket/combine-crc64.ts';
import { crc64 } from '../bucket/crc64.ts';
import { checksumMismatch } from '../bucket/errors.ts';
import { putHeaders } from '../bucket/headers.ts';
import { MIN_PART_BYTES } from '../bucket/limits.ts';
import { checkCheckpoint, keptParts } from './checkpoint.ts';
import { Summing } from './checksums.ts';
import { abort, complete, initiate, storedBefore } from './operations.ts';
import { PartReader, partBuffer } from './part-reader.ts';
import { type PartsInput, type Plan, sendParts } from './send-parts.ts';
import type { UploadCheckpoint, UploadOptions, UploadResult, UploadSource } from './types.ts';
import { unlessStopped } from './unless-stopped.ts';

/** Bytes of a part of an unknown number of bytes, and of what is sent as one put. */
const PART_BYTES = 8 * 1024 * 1024;
/**
 * Bytes of a part where the number of bytes is known. While the first part is read and its checksums are
 * computed nothing is sent, and while the last one is sent nothing else is done: small ones end sooner.
 */
const MIN_KNOWN_PART_BYTES = 2 * 1024 * 1024;
/** Parts of a source whose number of bytes is known; beyond it the parts are larger, up to PART_BYTES. */
const KNOWN_PARTS = 2000;
/** Parts beyond which they are larger than that: OSS takes 10,000, and a file may grow meanwhile. */
const MANY_PARTS = 8000;
/** Maximum bytes of a part. OSS takes 5 GiB, but a part is held in memory. */
const MAX_PART_BYTES = 1024 ** 3;
const PARALLEL = 4;

/**
 * Stores the bytes of `source` under `key`. OSS checks each request's MD5, and its CRC-64 is compared, as
 * is the CRC-64 of the whole. Each request is signed with the current credential, and sent up to four times
 * more when it fails in a way that may pass. An upload that fails, or that `signal` stops, is aborted after
 * its parts in progress have ended, so that nothing is left of it, unless `onCheckpoint` is set; if even
 * that fails, an AppError (`UploadLeftBehind`) names both failures. (An upload that OSS has begun, but
 * whose id was lost with the answer, is left to sweepUploads.) With `forbidOverwrite`, an object of the
 * same content counts as stored: it may be this one, from an earlier try whose answer was lost. Needs
 * oss:PutObject, oss:GetObject for that comparison, and oss:AbortMultipartUpload for sources larger than a
 * part.
 */
export async function upload(
  bucket: OssClient,
  key: string,
  source: UploadSource,
  options: UploadOptions = {},
): Promise<UploadResult> {
  // First, since whatever is wrong with the rest, it releases the source.
  const reader = new PartReader(source);
  try {
    const { partSize: chosen, parallel } = checkSizes(options);
    const { signal, resumeFrom } = options;
    checkKey(key);
    if (resumeFrom) checkCheckpoint(resumeFrom, bucket.bucket, key);
    const headers = putHeaders(options);
    signal?.throwIfAborted();

    const kept = resumeFrom && options.sourceBegins === 'after-parts' ? keptParts(resumeFrom) : [];
    reader.beginAfter(kept.length);
    const partSize = chosen ?? partSizeFor(await unlessStopped(reader.size(), signal));
    const buffer = partBuffer(source, partSize);
    const first = await unlessStopped(reader.read(buffer, partSize), signal);
    const bytes = first?.bytes ?? Buffer.alloc(0);
    if (bytes.length < partSize && !resumeFrom) return await putWhole(bucket, key, bytes, options);

    // While OSS begins the upload.
    const summing = new Summing();
    const sums = first && summing.checksums(first.bytes);
    sums?.catch(() => {}); // thrown where they are used
    const uploadId =
      resumeFrom?.uploadId ?? (await retrying(() => initiate(bucket, key, headers), { signal }));
    const plan = { bucket, key, uploadId, partSize, parallel };
    const begin = first ?? (kept.length > 0 ? undefined : { number: 1, bytes });
    return await inParts(
      plan,
      { source, reader, first: begin, summing, sums, kept, buffer },
      options,
    );
  } finally {
    reader.close();
  }
}

/** Removes the parts of an upload that will not be resumed. Needs oss:AbortMultipartUpload. */
export async function abandonUpload(
  bucket: OssClient,
  checkpoint: UploadCheckpoint,
): Promise<void> {
  checkCheckpoint(checkpoint, bucket.bucket, checkpoint.key);
  await retrying(() => abort(bucket, checkpoint));
}

async function putWhole(
  bucket: OssClient,
  key: string,
  bytes: Buffer,
  options: UploadOptions,
): Promise<UploadResult> {
  const put = async () => {
    try {
      return await bucket.putObject(key, bytes, options);
    } catch (error) {
      if (!hasCode(error, 'FileAlreadyExists')) throw error;
      const whole = { size: bytes.length, crc64: await crc64(bytes) };
      const stored = await storedBefore(bucket, key, whole);
      if (!stored) throw error;
      return stored;
    }
  };
  const result = await retrying(put, { signal: options.signal });
  options.onProgress?.({ uploaded: bytes.length, total: bytes.length });
  return { ...result, size: bytes.length };
}

async function inParts(
  plan: Plan,
  input: PartsInput,
  options: UploadOptions,
): Promise<UploadResult> {
  const { bucket, key, uploadId } = plan;
  try {
    const parts = await sendParts(plan, input, options);
    const whole = parts.reduce(
      (sum, part) => ({
        size: sum.size + part.size,
        crc64: combineCrc64(sum.crc64, part.crc64, part.size),
      }),
      { size: 0, crc64: '0' },
    );
    const forbid = options.forbidOverwrite ?? false;
    const result = await retrying(() => complete(bucket, { key, uploadId }, parts, whole, forbid), {
      signal: options.signal,
    });
    if (result.crc64 !== whole.crc64)
      throw checksumMismatch(
        { name: 'CompleteMultipartUpload', bucket: bucket.bucket, key },
        result.requestId,
      );
    return { ...result, size: whole.size };
  } catch (error) {
    if (options.onCheckpoint) throw error;
    await retrying(() => abort(bucket, { key, uploadId })).catch((second: unknown) => {
      throw leftBehind(plan, error, second);
    });
    throw error;
  }
}

function leftBehind({ bucket, key, uploadId }: Plan, error: unknown, second: unknown): AppError {
  const text = (one: unknown) => (one instanceof Error ? one.message : String(one));
  return new AppError(
    `Upload ${uploadId} of object "${key}" in bucket "${bucket.bucket}" failed (${text(error)}) and could not be removed (${text(second)})`,
    {
      code: 'UploadLeftBehind',
      cause: error,
      remedy: 'grant oss:AbortMultipartUpload; a lifecycle rule of the bucket removes the rest',
    },
  );
}

/** Returns the size of parts for that number of bytes, if the caller has not chosen it. */
function partSizeFor(size: number | undefined): number {
  if (size === undefined || size < PART_BYTES) return PART_BYTES;
  const few = Math.min(PART_BYTES, Math.ceil(size / KNOWN_PARTS));
  const many = Math.min(MAX_PART_BYTES, Math.ceil(size / MANY_PARTS));
  return Math.max(MIN_KNOWN_PART_BYTES, few, many);
}

function checkSizes({ partSize, parallel = PARALLEL, resumeFrom }: UploadOptions) {
  const size = resumeFrom?.partSize ?? partSize;
  if (
    size !== undefined &&
    (!Number.isInteger(size) || size < MIN_PART_BYTES || size > MAX_PART_BYTES)
  )
    throw invalidArgument(`partSize is ${size}`, 'give bytes, from 100 KiB to 1 GiB');
  if (!Number.isInteger(parallel) || parallel < 1)
    throw invalidArgument(`parallel is ${parallel}`, 'give a whole number from 1');
  return { partSize: size, parallel };
}

function invalidArgument(message: string, remedy: string): AppError {
  return new AppError(message, { code: 'InvalidArgument', remedy });
}
