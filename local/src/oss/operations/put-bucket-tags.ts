import { OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readXmlBody } from '../read-xml.ts';
import { readBucketTagSet } from '../tags.ts';

export const putBucketTags: Operation = {
  permissions: (request) => [{ action: 'oss:PutBucketTagging', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const body = await readXmlBody(request, 'Tagging');
    if (!body) throw new OssError('MalformedXML');
    await service.buckets.set(bucketOf(request), { tags: readBucketTagSet(body) });
    return { status: 200 };
  },
};
