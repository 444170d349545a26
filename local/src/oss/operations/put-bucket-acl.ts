import { OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { BUCKET_ACLS } from '../properties.ts';

export const putBucketAcl: Operation = {
  permissions: (request) => [{ action: 'oss:PutBucketAcl', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const acl = request.headers.oneOf('x-oss-acl', BUCKET_ACLS);
    if (acl === undefined)
      throw new OssError('MissingArgument', { details: { ArgumentName: 'x-oss-acl' } });
    await service.buckets.set(bucketOf(request), { acl });
    return { status: 200 };
  },
};
