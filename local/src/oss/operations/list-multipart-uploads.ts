import { isoSeconds, xmlAnswer } from '../answers.ts';
import { listNames } from '../core/listing.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readListing } from '../read-listing.ts';

/** Characters of an upload's id; a longer marker sorts like its beginning, or after it. */
const MAX_ID = 64;

export const listMultipartUploads: Operation = {
  permissions: (request) => [{ action: 'oss:ListMultipartUploads', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const bucket = bucketOf(request);
    const { query } = request;
    const { prefix, delimiter, limit, encode, encodingType } = readListing(request, 'max-uploads');
    const keyMarker = query.bytes('key-marker') ?? '';
    const idMarker = (keyMarker && query.bytes('upload-id-marker')) || '';
    // Without an upload's id, all of the key's uploads have been listed: ids are hex, \xff sorts
    // after them.
    const after = keyMarker && `${keyMarker}\0${idMarker.slice(0, MAX_ID) || '\xff'}`;
    const scope = `${bucket}\0`;
    const wanted = { scope, prefix, delimiter, limit, after };
    const { entries, commonPrefixes, next } = listNames(service.store.uploads, wanted);
    // As in OSS's own examples, the last page names its last upload too.
    const [nextKey = '', nextId = ''] = (next ?? entries.at(-1)?.name ?? '').split('\0');
    return xmlAnswer('ListMultipartUploadsResult', {
      EncodingType: encodingType,
      Bucket: bucket,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: encode(idMarker),
      NextKeyMarker: encode(nextKey),
      NextUploadIdMarker: nextId,
      Delimiter: encode(delimiter),
      Prefix: encode(prefix),
      MaxUploads: limit,
      IsTruncated: next !== undefined,
      Upload: entries.map(({ name, record }) => ({
        Key: encode(name.split('\0', 1)[0] ?? ''),
        UploadId: record.uploadId,
        StorageClass: record.storageClass,
        Initiated: isoSeconds(record.initiated),
      })),
      CommonPrefixes: commonPrefixes.map((name) => ({ Prefix: encode(name) })),
    });
  },
};
