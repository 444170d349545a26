import { encoderOf, isoSeconds, quoted, xmlAnswer } from '../answers.ts';
import { toBytes } from '../bytes.ts';
import { MAX_PART_NUMBER, PARTS_PAGE_SIZE } from '../limits.ts';
import { type Operation, objectOf } from '../operation.ts';
import { readEncodingType } from '../read-listing.ts';
import { uploadOf } from '../read-upload.ts';

export const listParts: Operation = {
  permissions: (request) => [{ action: 'oss:ListParts', ...objectOf(request) }],

  async run({ service, request }) {
    const { query } = request;
    const { bucket, key, uploadId, storageClass } = service.uploads.require(uploadOf(request));
    const { byDefault, max } = PARTS_PAGE_SIZE;
    const limit = query.integer('max-parts', { min: 1, max, otherwise: byDefault });
    const marker = query.integer('part-number-marker', {
      min: 0,
      max: MAX_PART_NUMBER,
      otherwise: 0,
    });
    const encodingType = readEncodingType(request);
    const parts = [...service.uploads.parts(uploadId, marker)];
    const page = parts.slice(0, limit);
    return xmlAnswer('ListPartsResult', {
      EncodingType: encodingType,
      Bucket: bucket,
      Key: encoderOf(encodingType)(toBytes(key)),
      UploadId: uploadId,
      StorageClass: storageClass,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? marker,
      MaxParts: limit,
      IsTruncated: parts.length > page.length,
      Part: page.map((part) => ({
        PartNumber: part.number,
        LastModified: isoSeconds(part.lastModified),
        ETag: quoted(part.eTag),
        HashCrc64ecma: part.crc64,
        Size: part.segment.size,
      })),
    });
  },
};
