import { xmlAnswer } from '../answers.ts';
import { bucketOf, type Operation } from '../operation.ts';

export const getBucketLocation: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketLocation', bucket: bucketOf(request) }],

  async run({ service }) {
    return xmlAnswer('LocationConstraint', `oss-${service.region}`);
  },
};
