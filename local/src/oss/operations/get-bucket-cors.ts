import { xmlAnswer } from '../answers.ts';
import { renderCors } from '../cors-xml.ts';
import { OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';

export const getBucketCors: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketCors', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const { cors } = service.buckets.require(bucketOf(request));
    if (!cors) throw new OssError('NoSuchCORSConfiguration');
    return xmlAnswer('CORSConfiguration', renderCors(cors));
  },
};
