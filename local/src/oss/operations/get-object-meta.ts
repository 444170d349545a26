import { identityHeaders } from '../answers.ts';
import { type Operation, objectOf } from '../operation.ts';

export const getObjectMeta: Operation = {
  permissions: (request) => [{ action: 'oss:GetObject', ...objectOf(request), access: 'read' }],

  async run({ service, request }) {
    const object = service.objects.require(objectOf(request));
    // A GET answer with a length must have a body; only HEAD can report the object's.
    const length = request.method === 'HEAD' ? { 'Content-Length': String(object.size) } : {};
    return { status: 200, headers: { ...identityHeaders(object), ...length } };
  },
};
