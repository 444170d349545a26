import { ownerOf, xmlAnswer } from '../answers.ts';
import { bucketOf, type Operation } from '../operation.ts';

export const getBucketAcl: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketAcl', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const { acl } = service.buckets.require(bucketOf(request));
    return xmlAnswer('AccessControlPolicy', {
      Owner: ownerOf(service),
      AccessControlList: { Grant: acl },
    });
  },
};
