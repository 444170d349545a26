import { childrenOf, childText } from '../../xml/children.ts';
import { readAlgorithm } from '../encryption.ts';
import { OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readXmlBody } from '../read-xml.ts';

export const putBucketEncryption: Operation = {
  permissions: (request) => [{ action: 'oss:PutBucketEncryption', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const body = await readXmlBody(request, 'ServerSideEncryptionRule');
    const [rule] = body ? childrenOf(body, 'ApplyServerSideEncryptionByDefault') : [];
    const algorithm = rule && childText(rule, 'SSEAlgorithm')?.trim();
    if (!rule || !algorithm) throw new OssError('MalformedXML');
    const encryption = readAlgorithm(algorithm);
    if (childText(rule, 'KMSMasterKeyID')?.trim())
      throw new OssError('InvalidArgument', {
        message: 'KMSMasterKeyID is not applicable if the default sse algorithm is not KMS.',
      });
    await service.buckets.set(bucketOf(request), { encryption });
    return { status: 200 };
  },
};
