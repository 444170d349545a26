import { bucketOf, type Operation } from '../operation.ts';

export const deleteBucketLifecycle: Operation = {
  permissions: (request) => [{ action: 'oss:DeleteBucketLifecycle', bucket: bucketOf(request) }],

  async run({ service, request }) {
    await service.buckets.set(bucketOf(request), { lifecycle: undefined });
    return { status: 204 };
  },
};
