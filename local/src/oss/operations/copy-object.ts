import { isoSeconds, quoted, xmlAnswer } from '../answers.ts';
import { checkConditions } from '../conditions.ts';
import { readCopySource } from '../copy-source.ts';
import { checkReadable } from '../core/archive.ts';
import { OssError } from '../errors.ts';
import { MAX_UPLOAD_BYTES } from '../limits.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import { readProperties } from '../properties.ts';
import { putPermissions } from '../put-permissions.ts';
import type { Headers } from '../request.ts';
import type { ObjectProperties, ObjectRecord } from '../store/types.ts';
import { readForbidOverwrite } from '../upload-body.ts';

export const copyObject: Operation = {
  permissions(request) {
    const source = readCopySource(request);
    const put = putPermissions(request);
    const tags = put.length > 1 ? [{ action: 'oss:GetObjectTagging', ...source } as const] : [];
    return [{ action: 'oss:GetObject', ...source, access: 'read', follows: true }, ...tags, ...put];
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
    const given = readProperties(headers, bucket);
    await pace.wait(source.size);
    const object = await service.objects.copy(
      source,
      objectOf(request),
      {
        properties: chooseProperties(headers, source, given),
        forbidOverwrite: readForbidOverwrite(request),
      },
      caller,
    );
    return xmlAnswer(
      'CopyObjectResult',
      { ETag: quoted(object.eTag), LastModified: isoSeconds(object.lastModified) },
      { 'x-oss-hash-crc64ecma': object.crc64 },
    );
  },
};

/** ACL and storage class are the request's; headers and metadata, and tags, the source's unless they are to be replaced. */
function chooseProperties(
  headers: Headers,
  source: ObjectRecord,
  given: ObjectProperties,
): ObjectProperties {
  const directives = ['COPY', 'REPLACE', 'Copy', 'Replace'] as const;
  const replaces = (name: string) => headers.oneOf(name, directives)?.toUpperCase() === 'REPLACE';
  const { headers: sourceHeaders, meta, tags } = source;
  return {
    ...given,
    ...(replaces('x-oss-metadata-directive') ? {} : { headers: sourceHeaders, meta }),
    ...(replaces('x-oss-tagging-directive') ? {} : { tags }),
  };
}
