import { OssError } from '../errors.ts';
import { type Operation, objectOf } from '../operation.ts';
import { readObjectAcl } from '../properties.ts';

export const putObjectAcl: Operation = {
  permissions: (request) => [{ action: 'oss:PutObjectAcl', ...objectOf(request) }],

  async run({ service, request }) {
    const path = objectOf(request);
    const acl = readObjectAcl(request.headers, service.buckets.require(path.bucket));
    if (acl === undefined)
      throw new OssError('MissingArgument', { details: { ArgumentName: 'x-oss-object-acl' } });
    await service.objects.set(path, { acl });
    return { status: 200 };
  },
};
