import { quoted } from '../answers.ts';
import { fromValidBytes } from '../bytes.ts';
import { OssError } from '../errors.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import { readProperties } from '../properties.ts';
import { putPermissions } from '../put-permissions.ts';
import { decodeBytes } from '../request.ts';
import { readForbidOverwrite } from '../upload-body.ts';

export const putSymlink: Operation = {
  permissions: putPermissions,

  async run({ service, request, caller }) {
    const bucket = service.buckets.require(bucketOf(request));
    const header = request.headers.get('x-oss-symlink-target');
    if (!header)
      throw new OssError('MissingArgument', { details: { ArgumentName: 'x-oss-symlink-target' } });
    const target = fromValidBytes(decodeBytes(header));
    if (target === undefined) throw new OssError('InvalidObjectName');
    const options = {
      properties: readProperties(request.headers, bucket),
      forbidOverwrite: readForbidOverwrite(request),
    };
    const link = await service.objects.link(objectOf(request), target, options, caller);
    return { status: 200, headers: { ETag: quoted(link.eTag) } };
  },
};
