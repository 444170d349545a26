import { type Operation, objectOf } from '../operation.ts';

export const deleteObjectTagging: Operation = {
  permissions: (request) => [{ action: 'oss:DeleteObjectTagging', ...objectOf(request) }],

  async run({ service, request }) {
    await service.objects.set(objectOf(request), { tags: [] });
    return { status: 204 };
  },
};
