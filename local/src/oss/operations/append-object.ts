import { identityHeaders } from '../answers.ts';
import { typeOfKey } from '../content-types.ts';
import { encryptionOf } from '../encryption.ts';
import { OssError } from '../errors.ts';
import { MAX_UPLOAD_BYTES } from '../limits.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import { readProperties } from '../properties.ts';
import { putPermissions } from '../put-permissions.ts';
import type { OssRequest } from '../request.ts';
import { readContentMd5, uploadBody } from '../upload-body.ts';

export const appendObject: Operation = {
  // An append leaves the tags of an existing object as they are.
  permissions: (request) =>
    isFirst(request) ? putPermissions(request) : putPermissions(request).slice(0, 1),

  async run({ service, request, caller, pace }) {
    const bucket = service.buckets.require(bucketOf(request));
    const { query, headers } = request;
    if (!query.get('position'))
      throw new OssError('MissingArgument', {
        ec: '0016-00000501',
        details: { ArgumentName: 'position' },
      });
    const path = objectOf(request);
    const position = query.integer('position', { min: 0, max: MAX_UPLOAD_BYTES, otherwise: 0 });
    const object = await service.appends.append(
      path,
      position,
      pace.over(uploadBody(request)),
      {
        properties: readProperties(
          isFirst(request) ? headers : headers.without('x-oss-tagging'),
          bucket,
          typeOfKey(path.key),
        ),
        contentMd5: readContentMd5(request),
      },
      caller,
    );
    const { 'Last-Modified': _, ...identity } = identityHeaders(object);
    return {
      status: 200,
      headers: {
        ...identity,
        ...encryptionOf(object),
        'x-oss-next-append-position': String(object.size),
      },
    };
  },
};

function isFirst({ query }: OssRequest): boolean {
  return /^0*$/.test(query.bytes('position') ?? '');
}
