import { isoSeconds, quoted, xmlAnswer } from '../answers.ts';
import { fromBytes } from '../bytes.ts';
import { checkConditions } from '../conditions.ts';
import { copySourcePermissions, readCopySource } from '../copy-source.ts';
import { checkReadable } from '../core/archive.ts';
import type { ObjectPath } from '../core/objects.ts';
import { encryptionOf, reencrypted } from '../encryption.ts';
import { invalidArgument, OssError } from '../errors.ts';
import { MAX_UPLOAD_BYTES } from '../limits.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import { readProperties } from '../properties.ts';
import { putPermissions } from '../put-permissions.ts';
import type { Headers } from '../request.ts';
import type { ObjectProperties, ObjectRecord } from '../store/types.ts';
import { readForbidOverwrite } from '../upload-body.ts';

export const copyObject: Operation = {
  permissions(request) {
    const put = putPermissions(request);
    return [...copySourcePermissions(request, put.length > 1), ...put];
  },

  async run({ service, request, caller, pace }) {
    const { headers } = request;
    const bucket = service.buckets.require(bucketOf(request));
    const source = service.objects.require(readCopySource(request));
    checkReadable(source, service.clock.now());
    checkConditions(headers, source, 'x-oss-copy-source-');
    if (source.type === 'Appendable')
      throw new OssError('OperationNotSupported', {
        message: 'An appendable object cannot be copied',
      });
    if (source.size > MAX_UPLOAD_BYTES) throw new OssError('EntityTooLarge');
    const path = objectOf(request);
    const given = readProperties(headers, bucket, source.headers['content-type']);
    await pace.wait(source.size);
    const object = await service.objects.copy(
      source,
      path,
      {
        properties: chooseProperties(headers, source, given, isSame(source, path)),
        forbidOverwrite: readForbidOverwrite(request),
      },
      caller,
    );
    return xmlAnswer(
      'CopyObjectResult',
      { ETag: quoted(object.eTag), LastModified: isoSeconds(object.lastModified) },
      { 'x-oss-hash-crc64ecma': object.crc64, ...encryptionOf(object) },
    );
  },
};

/**
 * ACL, storage class and encryption come from the request; headers and metadata, and tags, from the
 * source unless they are to be replaced. For a copy onto itself, headers and metadata always come
 * from the request.
 */
function chooseProperties(
  headers: Headers,
  source: ObjectRecord,
  given: ObjectProperties,
  onItself: boolean,
): ObjectProperties {
  const replaces = (name: string) => readDirective(headers, name) === 'REPLACE';
  const replacesMetadata = replaces('x-oss-metadata-directive') || onItself;
  const { headers: sourceHeaders, meta, tags } = source;
  return {
    ...given,
    ...(replacesMetadata ? {} : { headers: reencrypted(sourceHeaders, given.headers), meta }),
    ...(replaces('x-oss-tagging-directive') ? {} : { tags }),
  };
}

/** Reads COPY or REPLACE, in any case. Throws InvalidArgument. */
function readDirective(headers: Headers, name: string): string | undefined {
  const value = headers.get(name);
  if (value === undefined || /^(copy|replace)$/i.test(value)) return value?.toUpperCase();
  throw invalidArgument(name, fromBytes(value), 'give COPY or REPLACE');
}

function isSame(one: ObjectPath, other: ObjectPath): boolean {
  return one.bucket === other.bucket && one.key === other.key;
}
