import { ownerOf, xmlAnswer } from '../answers.ts';
import { type Operation, objectOf } from '../operation.ts';

export const getObjectAcl: Operation = {
  permissions: (request) => [{ action: 'oss:GetObjectAcl', ...objectOf(request) }],

  async run({ service, request }) {
    const { acl } = service.objects.require(objectOf(request));
    return xmlAnswer('AccessControlPolicy', {
      Owner: ownerOf(service),
      AccessControlList: { Grant: acl },
    });
  },
};
