import { OssError } from '../errors.ts';
import { MAX_BUCKET_TAGS } from '../limits.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readXmlBody } from '../read-xml.ts';
import { readTagSet } from '../tags.ts';

export const putBucketTags: Operation = {
  permissions: (request) => [{ action: 'oss:PutBucketTagging', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const body = await readXmlBody(request, 'Tagging');
    if (!body) throw new OssError('MalformedXML');
    await service.buckets.set(bucketOf(request), { tags: readTagSet(body, MAX_BUCKET_TAGS) });
    return { status: 200 };
  },
};
