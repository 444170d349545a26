import { childrenOf, childText } from '../../xml/children.ts';
import { readAlgorithm } from '../encryption.ts';
import { notImplemented, OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readXmlBody } from '../read-xml.ts';

export const putBucketEncryption: Operation = {
  permissions: (request) => [{ action: 'oss:PutBucketEncryption', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const body = await readXmlBody(request, 'ServerSideEncryptionRule');
    const [rule] = body ? childrenOf(body, 'ApplyServerSideEncryptionByDefault') : [];
    const algorithm = rule && childText(rule, 'SSEAlgorithm')?.trim();
    if (!rule || !algorithm) throw new OssError('MalformedXML');
    if (childText(rule, 'KMSMasterKeyID')?.trim()) throw notImplemented('keys of KMS');
    await service.buckets.set(bucketOf(request), { encryption: readAlgorithm(algorithm) });
    return { status: 200 };
  },
};
