import { contentMd5, quoted } from '../answers.ts';
import { encryptionOf, refuseOfPart } from '../encryption.ts';
import { type Operation, objectOf } from '../operation.ts';
import { readPartNumber, uploadOf } from '../read-upload.ts';
import { readContentMd5, uploadBody } from '../upload-body.ts';

export const uploadPart: Operation = {
  permissions: (request) => [{ action: 'oss:PutObject', ...objectOf(request), access: 'write' }],

  async run({ service, request, pace }) {
    refuseOfPart(request.headers);
    const number = readPartNumber(request);
    const upload = uploadOf(request);
    const encryption = encryptionOf(service.uploads.require(upload));
    const part = await service.uploads.writePart(
      upload,
      number,
      pace.over(uploadBody(request)),
      readContentMd5(request),
    );
    return {
      status: 200,
      headers: {
        ETag: quoted(part.eTag),
        'Content-MD5': contentMd5(part.eTag),
        'x-oss-hash-crc64ecma': part.crc64,
        ...encryption,
      },
    };
  },
};
