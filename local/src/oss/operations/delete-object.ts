import { type Operation, objectOf } from '../operation.ts';

export const deleteObject: Operation = {
  permissions: (request) => [{ action: 'oss:DeleteObject', ...objectOf(request), access: 'write' }],

  async run({ service, request, caller }) {
    await service.objects.remove(objectOf(request), caller);
    return { status: 204 };
  },
};
