import { xmlAnswer } from '../answers.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { renderTagSet } from '../tags.ts';

/** Answers the bucket's tags; a bucket without tags has an empty set. */
export const getBucketTags: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketTagging', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const { tags = [] } = service.buckets.require(bucketOf(request));
    return xmlAnswer('Tagging', renderTagSet(tags));
  },
};
