import { xmlAnswer } from '../answers.ts';
import { OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';

export const getBucketEncryption: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketEncryption', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const { name, encryption } = service.buckets.require(bucketOf(request));
    if (encryption === undefined)
      throw new OssError('NoSuchServerSideEncryptionRule', { details: { BucketName: name } });
    return xmlAnswer('ServerSideEncryptionRule', {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: encryption, KMSMasterKeyID: '' },
    });
  },
};
