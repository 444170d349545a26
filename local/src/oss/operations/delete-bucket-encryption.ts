import { bucketOf, type Operation } from '../operation.ts';

export const deleteBucketEncryption: Operation = {
  permissions: (request) => [{ action: 'oss:DeleteBucketEncryption', bucket: bucketOf(request) }],

  async run({ service, request }) {
    await service.buckets.set(bucketOf(request), { encryption: undefined });
    return { status: 204 };
  },
};
