import { percentEncodeBytes } from '../../percent.ts';
import { identityHeaders } from '../answers.ts';
import { toBytes } from '../bytes.ts';
import { OssError } from '../errors.ts';
import { type Operation, objectOf } from '../operation.ts';

export const getSymlink: Operation = {
  permissions: (request) => [{ action: 'oss:GetObject', ...objectOf(request), access: 'read' }],

  async run({ service, request }) {
    const link = service.objects.require(objectOf(request));
    if (link.target === undefined) throw new OssError('NotSymlink');
    const { 'x-oss-hash-crc64ecma': _, ...identity } = identityHeaders(link);
    const target = percentEncodeBytes(toBytes(link.target)).replaceAll('%2F', '/');
    return { status: 200, headers: { ...identity, 'x-oss-symlink-target': target } };
  },
};
