import { OssError } from '../errors.ts';
import { readLifecycle } from '../lifecycle-xml.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readXmlBody } from '../read-xml.ts';

export const putBucketLifecycle: Operation = {
  permissions: (request) => [{ action: 'oss:PutBucketLifecycle', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const body = await readXmlBody(request, 'LifecycleConfiguration');
    if (!body) throw new OssError('MalformedXML');
    const allowOverlap = request.headers.get('x-oss-allow-same-action-overlap') === 'true';
    const lifecycle = readLifecycle(body, allowOverlap);
    await service.buckets.set(bucketOf(request), { lifecycle });
    service.lifecycle.schedule();
    return { status: 200 };
  },
};
