import { bucketOf, type Operation } from '../operation.ts';

/** Deletes all tags, or those that the parameter `tagging=a,b` names. */
export const deleteBucketTags: Operation = {
  permissions: (request) => [{ action: 'oss:DeleteBucketTagging', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const { name, tags = [] } = service.buckets.require(bucketOf(request));
    const named = (request.query.get('tagging') ?? '').split(',').filter((key) => key !== '');
    const kept = named.length === 0 ? [] : tags.filter(([key]) => !named.includes(key));
    await service.buckets.set(name, { tags: kept.length === 0 ? undefined : kept });
    return { status: 204 };
  },
};
