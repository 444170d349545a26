import { bucketOf, type Operation } from '../operation.ts';

export const deleteBucket: Operation = {
  permissions: (request) => [{ action: 'oss:DeleteBucket', bucket: bucketOf(request) }],

  async run({ service, request }) {
    await service.buckets.remove(bucketOf(request));
    return { status: 204 };
  },
};
