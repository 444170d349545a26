import { bucketOf, type Operation } from '../operation.ts';

export const deleteBucketCors: Operation = {
  permissions: (request) => [{ action: 'oss:DeleteBucketCors', bucket: bucketOf(request) }],

  async run({ service, request }) {
    await service.buckets.set(bucketOf(request), { cors: undefined });
    return { status: 204 };
  },
};
