import { contentMd5, identityHeaders } from '../answers.ts';
import { callBack } from '../callback/call-back.ts';
import { readCallback } from '../callback/read-callback.ts';
import { typeOfKey } from '../content-types.ts';
import { encryptionOf } from '../encryption.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import { readProperties } from '../properties.ts';
import { putPermissions } from '../put-permissions.ts';
import { readContentMd5, readForbidOverwrite, uploadBody } from '../upload-body.ts';

export const putObject: Operation = {
  permissions: putPermissions,

  async run({ service, request, caller, pace }) {
    const bucket = service.buckets.require(bucketOf(request));
    const options = {
      properties: readProperties(request.headers, bucket, typeOfKey(objectOf(request).key)),
      contentMd5: readContentMd5(request),
      forbidOverwrite: readForbidOverwrite(request),
    };
    const callback = readCallback(request);
    const path = objectOf(request);
    const object = await service.objects.put(path, pace.over(uploadBody(request)), options, caller);
    const { 'Last-Modified': _, ...headers } = identityHeaders(object);
    const answer = { ...headers, 'Content-MD5': contentMd5(object.eTag), ...encryptionOf(object) };
    if (!callback) return { status: 200, headers: answer };
    const stored = { object, caller, operation: 'PutObject' } as const;
    return callBack(callback, stored, {
      host: request.host,
      headers: answer,
      closing: service.closing,
    });
  },
};
