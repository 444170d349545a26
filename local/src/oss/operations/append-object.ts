import { identityHeaders } from '../answers.ts';
import { OssError } from '../errors.ts';
import { MAX_UPLOAD_BYTES } from '../limits.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import { readProperties } from '../properties.ts';
import { putPermissions } from '../put-permissions.ts';
import { readContentMd5, uploadBody } from '../upload-body.ts';

export const appendObject: Operation = {
  permissions: putPermissions,

  async run({ service, request, caller, pace }) {
    const bucket = service.buckets.require(bucketOf(request));
    const { query, headers } = request;
    if (!query.get('position'))
      throw new OssError('MissingArgument', {
        ec: '0016-00000501',
        details: { ArgumentName: 'position' },
      });
    const position = query.integer('position', { min: 0, max: MAX_UPLOAD_BYTES, otherwise: 0 });
    const object = await service.appends.append(
      objectOf(request),
      position,
      pace.over(uploadBody(request)),
      { properties: readProperties(headers, bucket), contentMd5: readContentMd5(request) },
      caller,
    );
    const { 'Last-Modified': _, ...identity } = identityHeaders(object);
    return {
      status: 200,
      headers: { ...identity, 'x-oss-next-append-position': String(object.size) },
    };
  },
};
