import { childText } from '../../xml/children.ts';
import type { XmlElement } from '../../xml/parse.ts';
import { BLOCKS_PUBLIC_ACCESS } from '../core/buckets.ts';
import { checkBucketName } from '../core/names.ts';
import { readEncryption } from '../encryption.ts';
import { notImplemented, OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { BUCKET_ACLS } from '../properties.ts';
import { readXmlBody } from '../read-xml.ts';
import type { Redundancy, StorageClass } from '../store/types.ts';

export const putBucket: Operation = {
  permissions: (request) => [{ action: 'oss:PutBucket', bucket: bucketOf(request), makes: true }],

  async run({ service, request }) {
    const name = bucketOf(request);
    checkBucketName(name);
    const acl = request.headers.oneOf('x-oss-acl', BUCKET_ACLS);
    const encryption = readEncryption(request.headers);
    const body = await readXmlBody(request, 'CreateBucketConfiguration');
    if (body) checkLocation(body, `oss-${service.region}`);
    await service.buckets.create({
      name,
      acl,
      storageClass: body && readStorageClass(body),
      redundancy: body && readRedundancy(body),
      encryption,
      blockPublicAccess: BLOCKS_PUBLIC_ACCESS,
    });
    return { status: 200, headers: { Location: `/${name}` } };
  },
};

function readStorageClass(body: XmlElement): StorageClass | undefined {
  const name = childText(body, 'StorageClass')?.trim();
  if (name === undefined || name === 'Standard' || name === 'IA' || name === 'Archive') return name;
  if (name === 'ColdArchive' || name === 'DeepColdArchive')
    throw notImplemented(`buckets of the storage class ${name}`);
  throw new OssError('InvalidArgument', {
    message: 'No such bucket storage class exists.',
    details: { ArgumentName: 'StorageClass', ArgumentValue: name },
  });
}

function readRedundancy(body: XmlElement): Redundancy | undefined {
  const type = childText(body, 'DataRedundancyType')?.trim();
  if (type === undefined || type === 'LRS' || type === 'ZRS') return type;
  throw new OssError('MalformedXML');
}

/** Throws InvalidLocationConstraint for a region other than this one. */
function checkLocation(body: XmlElement, location: string): void {
  const wanted = childText(body, 'LocationConstraint')?.trim();
  if (wanted !== undefined && wanted !== location)
    throw new OssError('InvalidLocationConstraint', { details: { LocationConstraint: wanted } });
}
