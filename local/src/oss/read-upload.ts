import type { UploadPath } from './core/uploads.ts';
import { OssError } from './errors.ts';
import { MAX_PART_NUMBER } from './limits.ts';
import { objectOf } from './operation.ts';
import type { OssRequest } from './request.ts';

/** Returns the upload that the query names. */
export function uploadOf(request: OssRequest): UploadPath {
  const uploadId = request.query.get('uploadId') ?? '';
  // Ids are 32 hex digits; any other must not reach the store as part of a key.
  if (!/^[0-9A-F]{32}$/.test(uploadId))
    throw new OssError('NoSuchUpload', { details: { UploadId: uploadId } });
  return { ...objectOf(request), uploadId };
}

/** Reads the part number. Throws MissingArgument, or InvalidArgument unless it is 1 to 10000. */
export function readPartNumber({ query }: OssRequest): number {
  if (!query.get('partNumber'))
    throw new OssError('MissingArgument', { details: { ArgumentName: 'partNumber' } });
  return query.integer('partNumber', { min: 1, max: MAX_PART_NUMBER, otherwise: 1 });
}
