import { xmlAnswer } from '../answers.ts';
import { bucketOf, type Operation } from '../operation.ts';

/**
 * Answers an empty configuration, as for a bucket that was never versioned: versions are not
 * implemented here.
 */
export const getBucketVersioning: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketVersioning', bucket: bucketOf(request) }],

  async run() {
    return xmlAnswer('VersioningConfiguration', {});
  },
};
