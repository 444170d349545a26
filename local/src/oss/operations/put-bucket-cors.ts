import { readCors } from '../cors-xml.ts';
import { OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readXmlBody } from '../read-xml.ts';

export const putBucketCors: Operation = {
  permissions: (request) => [{ action: 'oss:PutBucketCors', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const body = await readXmlBody(request, 'CORSConfiguration');
    if (!body) throw new OssError('MalformedXML');
    await service.buckets.set(bucketOf(request), { cors: readCors(body) });
    return { status: 200 };
  },
};
