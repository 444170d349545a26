import { xmlAnswer } from '../answers.ts';
import { OssError } from '../errors.ts';
import { renderLifecycle } from '../lifecycle-xml.ts';
import { bucketOf, type Operation } from '../operation.ts';

export const getBucketLifecycle: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketLifecycle', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const { lifecycle } = service.buckets.require(bucketOf(request));
    if (!lifecycle) throw new OssError('NoSuchLifecycle');
    return xmlAnswer('LifecycleConfiguration', renderLifecycle(lifecycle));
  },
};
