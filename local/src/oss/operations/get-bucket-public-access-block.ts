import { xmlAnswer } from '../answers.ts';
import { bucketOf, type Operation } from '../operation.ts';

export const getBucketPublicAccessBlock: Operation = {
  permissions: (request) => [
    { action: 'oss:GetBucketPublicAccessBlock', bucket: bucketOf(request) },
  ],

  async run({ service, request }) {
    const { blockPublicAccess = false } = service.buckets.require(bucketOf(request));
    return xmlAnswer('PublicAccessBlockConfiguration', { BlockPublicAccess: blockPublicAccess });
  },
};
