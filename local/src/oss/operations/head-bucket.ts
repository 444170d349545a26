import { bucketOf, type Operation } from '../operation.ts';

/** Whether the bucket is there and may be looked at. */
export const headBucket: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketInfo', bucket: bucketOf(request) }],

  async run({ service }) {
    return { status: 200, headers: { 'x-oss-bucket-region': service.region } };
  },
};
