import { BLOCKS_PUBLIC_ACCESS } from '../core/buckets.ts';
import { OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { BUCKET_ACLS } from '../properties.ts';

/** Sets the ACL; a bucket that does not exist is created first, as by PutBucket. */
export const putBucketAcl: Operation = {
  permissions: (request) => [
    { action: 'oss:PutBucketAcl', bucket: bucketOf(request), makes: true },
  ],

  async run({ service, request, authorize }) {
    const acl = request.headers.oneOf('x-oss-acl', BUCKET_ACLS);
    if (acl === undefined)
      throw new OssError('MissingArgument', { details: { ArgumentName: 'x-oss-acl' } });
    const name = bucketOf(request);
    if (!service.buckets.find(name))
      authorize([{ action: 'oss:PutBucket', bucket: name, makes: true }]);
    await service.buckets.create({ name, acl, blockPublicAccess: BLOCKS_PUBLIC_ACCESS });
    return { status: 200, headers: { Location: `/${name}` } };
  },
};
