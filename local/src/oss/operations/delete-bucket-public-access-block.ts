import { bucketOf, type Operation } from '../operation.ts';

export const deleteBucketPublicAccessBlock: Operation = {
  permissions: (request) => [
    { action: 'oss:DeleteBucketPublicAccessBlock', bucket: bucketOf(request) },
  ],

  async run({ service, request }) {
    await service.buckets.set(bucketOf(request), { blockPublicAccess: false });
    return { status: 204 };
  },
};
