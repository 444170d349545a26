import type { XmlValue } from '../../xml/write.ts';
import { isoSeconds, ownerOf, quoted, xmlAnswer } from '../answers.ts';
import { listNames } from '../core/listing.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readListing } from '../read-listing.ts';
import type { ObjectRecord } from '../store/types.ts';

export const listObjects: Operation = {
  permissions: (request) => [{ action: 'oss:ListObjects', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const bucket = bucketOf(request);
    const { prefix, delimiter, limit, encode, encodingType } = readListing(request, 'max-keys');
    const marker = request.query.bytes('marker') ?? '';
    const scope = `${bucket}\0`;
    const wanted = { scope, prefix, delimiter, limit, after: marker };
    const { entries, commonPrefixes, next } = listNames(service.store.objects, wanted);
    return xmlAnswer('ListBucketResult', {
      Name: bucket,
      Prefix: encode(prefix),
      Marker: encode(marker),
      MaxKeys: limit,
      Delimiter: encode(delimiter),
      EncodingType: encodingType,
      IsTruncated: next !== undefined,
      NextMarker: next === undefined ? undefined : encode(next),
      Contents: entries.map(({ name, record }) => ({
        ...describe(encode(name), record),
        Owner: ownerOf(service),
      })),
      CommonPrefixes: commonPrefixes.map((name) => ({ Prefix: encode(name) })),
    });
  },
};

/** Returns an object as listings show it. */
export function describe(key: string, object: ObjectRecord): Record<string, XmlValue> {
  return {
    Key: key,
    LastModified: isoSeconds(object.lastModified),
    ETag: quoted(object.eTag),
    Type: object.type,
    Size: object.size,
    StorageClass: object.storageClass,
  };
}
