import { childText } from '../../xml/children.ts';
import { OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readXmlBody } from '../read-xml.ts';

/** Sets whether public ACLs are refused and existing ones ignored. */
export const putBucketPublicAccessBlock: Operation = {
  permissions: (request) => [
    { action: 'oss:PutBucketPublicAccessBlock', bucket: bucketOf(request) },
  ],

  async run({ service, request }) {
    const body = await readXmlBody(request, 'PublicAccessBlockConfiguration');
    const value = body && childText(body, 'BlockPublicAccess')?.trim().toLowerCase();
    if (value !== 'true' && value !== 'false') throw new OssError('MalformedXML');
    await service.buckets.set(bucketOf(request), { blockPublicAccess: value === 'true' });
    return { status: 200 };
  },
};
