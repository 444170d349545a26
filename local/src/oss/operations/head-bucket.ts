import { bucketOf, type Operation } from '../operation.ts';

/** Answers whether the bucket exists and the caller may access it. */
export const headBucket: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketInfo', bucket: bucketOf(request) }],

  async run({ service }) {
    return { status: 200, headers: { 'x-oss-bucket-region': service.region } };
  },
};
