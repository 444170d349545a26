import { encoderOf, xmlAnswer } from '../answers.ts';
import { toBytes } from '../bytes.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import { readProperties } from '../properties.ts';
import { putPermissions } from '../put-permissions.ts';

export const initiateMultipartUpload: Operation = {
  permissions: putPermissions,

  async run({ service, request }) {
    const { storageClass } = service.buckets.require(bucketOf(request));
    const properties = readProperties(request.headers, storageClass);
    const upload = await service.uploads.initiate(objectOf(request), properties);
    const encodingType = request.query.get('encoding-type');
    return xmlAnswer('InitiateMultipartUploadResult', {
      Bucket: upload.bucket,
      Key: encoderOf(encodingType)(toBytes(upload.key)),
      UploadId: upload.uploadId,
      EncodingType: encodingType,
    });
  },
};
