import { xmlAnswer } from '../answers.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { renderTagSet } from '../tags.ts';

/** A bucket without tags has an empty set of them. */
export const getBucketTags: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketTagging', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const { tags = [] } = service.buckets.require(bucketOf(request));
    return xmlAnswer('Tagging', renderTagSet(tags));
  },
};
