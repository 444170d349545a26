import { xmlAnswer } from '../answers.ts';
import { bucketOf, type Operation } from '../operation.ts';

/** Empty, as for a bucket that never had versions: there are none here. */
export const getBucketVersioning: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketVersioning', bucket: bucketOf(request) }],

  async run() {
    return xmlAnswer('VersioningConfiguration', {});
  },
};
