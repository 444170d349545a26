import { hasCode, isTransient } from '../../errors/errors.ts';
import type { OssClient } from '../bucket/client.ts';
import { checksumMismatch, type Operation, unexpectedAnswer } from '../bucket/errors.ts';
import { objectInfo, unquote } from '../bucket/headers.ts';
import { ossRequest } from '../bucket/request.ts';
import type { PutResult } from '../bucket/types.ts';
import { URL_ENCODING } from '../bucket/url-encoding.ts';
import type { Checksums } from './checksums.ts';
import type { Part } from './part-reader.ts';
import type { UploadCheckpoint, UploadedPart } from './types.ts';

/** An upload as OSS identifies it. */
export type UploadPath = Pick<UploadCheckpoint, 'key' | 'uploadId'>;

/** Begins a multipart upload and returns its id. */
export async function initiate(
  bucket: OssClient,
  key: string,
  headers: Record<string, string>,
): Promise<string> {
  const operation = operationOf('InitiateMultipartUpload', bucket, key, 'oss:PutObject');
  const { xml, requestId } = await ossRequest(bucket, operation, {
    method: 'POST',
    query: { uploads: '', ...URL_ENCODING },
    headers,
    status: 200,
    isXml: true,
  });
  const uploadId = xml?.UploadId;
  if (typeof uploadId === 'string' && uploadId !== '') return uploadId;
  throw unexpectedAnswer(operation, 'answer has no upload id', { status: 200, requestId });
}

/** Sends one part with its MD5, which OSS checks, and compares the CRC-64 that OSS computed. */
export async function uploadPart(
  bucket: OssClient,
  { key, uploadId }: UploadPath,
  { number, bytes }: Part,
  { md5, crc64 }: Checksums,
): Promise<UploadedPart> {
  const operation = operationOf('UploadPart', bucket, key, 'oss:PutObject');
  const { headers, requestId } = await ossRequest(bucket, operation, {
    method: 'PUT',
    query: { partNumber: String(number), uploadId },
    headers: { 'Content-MD5': md5 },
    content: bytes,
    status: 200,
  });
  const stored = objectInfo(headers, requestId);
  if (stored?.crc64 === undefined)
    throw unexpectedAnswer(operation, 'answer has no ETag or no CRC-64', {
      status: 200,
      requestId,
    });
  if (stored.crc64 !== crc64) throw checksumMismatch(operation, requestId);
  return { number, size: bytes.length, eTag: stored.eTag, crc64 };
}

/**
 * Joins the parts into one object and returns the CRC-64 that OSS computed. The answer to an earlier try
 * may have been lost: NoSuchUpload and FileAlreadyExists count as success if the object has this size and
 * checksum.
 */
export async function complete(
  bucket: OssClient,
  { key, uploadId }: UploadPath,
  parts: readonly UploadedPart[],
  whole: { size: number; crc64: string },
  forbidOverwrite: boolean,
): Promise<PutResult> {
  const operation = operationOf('CompleteMultipartUpload', bucket, key, 'oss:PutObject');
  const list = parts
    .map(
      ({ number, eTag }) => `<Part><PartNumber>${number}</PartNumber><ETag>"${eTag}"</ETag></Part>`,
    )
    .join('');
  try {
    const { headers, xml, requestId } = await ossRequest(bucket, operation, {
      method: 'POST',
      query: { uploadId, ...URL_ENCODING },
      headers: {
        'Content-Type': 'application/xml',
        ...(forbidOverwrite && { 'x-oss-forbid-overwrite': 'true' }),
      },
      content: `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`,
      status: 200,
      isXml: true,
    });
    const checksum = Reflect.get(headers, 'x-oss-hash-crc64ecma');
    if (typeof xml?.ETag !== 'string' || typeof checksum !== 'string')
      throw unexpectedAnswer(operation, 'answer has no ETag or no CRC-64', {
        status: 200,
        requestId,
      });
    return { eTag: unquote(xml.ETag), crc64: checksum, requestId };
  } catch (error) {
    if (!hasCode(error, 'NoSuchUpload') && !hasCode(error, 'FileAlreadyExists')) throw error;
    const stored = await storedBefore(bucket, key, whole);
    if (!stored) throw error;
    // Another upload may have made the object; then this one's parts still exist.
    if (hasCode(error, 'FileAlreadyExists')) await abort(bucket, { key, uploadId });
    return stored;
  }
}

/**
 * Returns the object already under the key if it has this size and CRC-64: the answer to an earlier try may
 * have been lost. Needs oss:GetObject; undefined without it.
 */
export async function storedBefore(
  bucket: OssClient,
  key: string,
  { size, crc64 }: { size: number; crc64: string },
): Promise<PutResult | undefined> {
  const found = await bucket.headObject(key).catch((error: unknown) => {
    if (isTransient(error)) throw error; // the next try may find out
  });
  if (found?.crc64 !== crc64 || found.size !== size) return undefined;
  return { eTag: found.eTag, crc64, requestId: found.requestId };
}

/**
 * Removes an upload with its parts. Succeeds if it does not exist. None of its parts may be in progress: it
 * could be stored afterwards. Needs oss:AbortMultipartUpload.
 */
export async function abort(bucket: OssClient, { key, uploadId }: UploadPath): Promise<void> {
  const operation = operationOf('AbortMultipartUpload', bucket, key);
  try {
    await ossRequest(bucket, operation, { method: 'DELETE', query: { uploadId }, status: 204 });
  } catch (error) {
    if (!hasCode(error, 'NoSuchUpload')) throw error;
  }
}

function operationOf(name: string, { bucket }: OssClient, key: string, action?: string): Operation {
  return { name, bucket, key, ...(action && { action }) };
}
