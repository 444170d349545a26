import { ownerOf, xmlAnswer } from '../answers.ts';
import { listNames } from '../core/listing.ts';
import { invalidArgument } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { checkMarker, readListing } from '../read-listing.ts';
import { describe } from './list-objects.ts';

export const listObjectsV2: Operation = {
  permissions: (request) => [{ action: 'oss:ListObjects', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const bucket = bucketOf(request);
    const { query } = request;
    const { prefix, delimiter, limit, encode, encodingType } = readListing(request, 'max-keys');
    const startAfter = query.bytes('start-after');
    const token = query.get('continuation-token') || undefined;
    const after = token === undefined ? (startAfter ?? '') : readToken(token);
    const scope = `${bucket}\0`;
    const wanted = { scope, prefix, delimiter, limit, after };
    const { entries, commonPrefixes, next } = listNames(service.store.objects, wanted);
    const owner = query.get('fetch-owner') === 'true' ? ownerOf(service) : undefined;
    return xmlAnswer('ListBucketResult', {
      Name: bucket,
      Prefix: encode(prefix),
      StartAfter: startAfter === undefined ? undefined : encode(startAfter),
      ContinuationToken: token,
      MaxKeys: limit,
      Delimiter: encode(delimiter),
      EncodingType: encodingType,
      IsTruncated: next !== undefined,
      NextContinuationToken: next === undefined ? undefined : writeToken(next),
      Contents: entries.map(({ name, record }) => ({
        ...describe(encode(name), record),
        Owner: owner,
      })),
      CommonPrefixes: commonPrefixes.map((name) => ({ Prefix: encode(name) })),
      KeyCount: entries.length + commonPrefixes.length,
    });
  },
};

/** Returns a token: the last name listed, in a form that needs no encoding in URLs. */
function writeToken(name: string): string {
  return Buffer.from(name, 'latin1').toString('base64url');
}

function readToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString('latin1');
  if (writeToken(name) !== token)
    throw invalidArgument('continuation-token', token, 'give a NextContinuationToken');
  checkMarker('continuation-token', name);
  return name;
}
