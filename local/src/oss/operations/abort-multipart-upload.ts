import { type Operation, objectOf } from '../operation.ts';
import { uploadOf } from '../read-upload.ts';

export const abortMultipartUpload: Operation = {
  permissions: (request) => [{ action: 'oss:AbortMultipartUpload', ...objectOf(request) }],

  async run({ service, request }) {
    await service.uploads.abort(uploadOf(request));
    return { status: 204 };
  },
};
