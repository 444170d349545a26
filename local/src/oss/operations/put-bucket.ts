import { childText } from '../../xml/children.ts';
import type { XmlElement } from '../../xml/parse.ts';
import { checkBucketName } from '../core/names.ts';
import { notImplemented } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { BUCKET_ACLS } from '../properties.ts';
import { readXmlBody } from '../read-xml.ts';
import type { StorageClass } from '../store/types.ts';

export const putBucket: Operation = {
  permissions: (request) => [{ action: 'oss:PutBucket', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const name = bucketOf(request);
    checkBucketName(name);
    const acl = request.headers.oneOf('x-oss-acl', BUCKET_ACLS);
    const body = await readXmlBody(request, 'CreateBucketConfiguration');
    await service.buckets.create({ name, acl, storageClass: body && readStorageClass(body) });
    return { status: 200, headers: { Location: `/${name}` } };
  },
};

function readStorageClass(body: XmlElement): StorageClass | undefined {
  const name = childText(body, 'StorageClass')?.trim();
  if (name === undefined || name === 'Standard' || name === 'IA') return name;
  throw notImplemented(`buckets of the storage class ${name}`);
}
