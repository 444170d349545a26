import { encoderOf, xmlAnswer } from '../answers.ts';
import { toBytes } from '../bytes.ts';
import { typeOfKey } from '../content-types.ts';
import { encryptionOf } from '../encryption.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import { readProperties } from '../properties.ts';
import { putPermissions } from '../put-permissions.ts';
import { readEncodingType } from '../read-listing.ts';
import { readForbidOverwrite } from '../upload-body.ts';

export const initiateMultipartUpload: Operation = {
  permissions: putPermissions,

  async run({ service, request }) {
    const bucket = service.buckets.require(bucketOf(request));
    const encodingType = readEncodingType(request);
    const properties = readProperties(request.headers, bucket, typeOfKey(objectOf(request).key));
    const upload = await service.uploads.initiate(objectOf(request), properties, {
      sequential: request.query.has('sequential'),
      forbidOverwrite: readForbidOverwrite(request),
    });
    return xmlAnswer(
      'InitiateMultipartUploadResult',
      {
        Bucket: upload.bucket,
        Key: encoderOf(encodingType)(toBytes(upload.key)),
        UploadId: upload.uploadId,
        EncodingType: encodingType,
      },
      encryptionOf(upload),
    );
  },
};
