import { ownerOf, xmlAnswer } from '../answers.ts';
import { listNames } from '../core/listing.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readListing } from '../read-listing.ts';
import { describe } from './list-objects.ts';

/**
 * Lists the objects of a bucket that was never versioned: each is the latest of its key, and its
 * version is `null`.
 */
export const listObjectVersions: Operation = {
  permissions: (request) => [{ action: 'oss:ListObjectVersions', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const bucket = bucketOf(request);
    const { query } = request;
    const { prefix, delimiter, limit, encode, encodingType } = readListing(request, 'max-keys');
    const keyMarker = query.bytes('key-marker') ?? '';
    const scope = `${bucket}\0`;
    const wanted = { scope, prefix, delimiter, limit, after: keyMarker };
    const { entries, commonPrefixes, next } = listNames(service.store.objects, wanted);
    return xmlAnswer('ListVersionsResult', {
      Name: bucket,
      Prefix: encode(prefix),
      KeyMarker: encode(keyMarker),
      VersionIdMarker: query.get('version-id-marker') ?? '',
      MaxKeys: limit,
      Delimiter: encode(delimiter),
      EncodingType: encodingType,
      IsTruncated: next !== undefined,
      NextKeyMarker: next === undefined ? undefined : encode(next),
      NextVersionIdMarker: next === undefined ? undefined : 'null',
      Version: entries.map(({ name, record }) => ({
        ...describe(encode(name), record),
        VersionId: 'null',
        IsLatest: true,
        Owner: ownerOf(service),
      })),
      CommonPrefixes: commonPrefixes.map((name) => ({ Prefix: encode(name) })),
    });
  },
};
