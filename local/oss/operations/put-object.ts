import { contentMd5, identityHeaders } from '../answers.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import { readProperties } from '../properties.ts';
import { readContentMd5, readForbidOverwrite, uploadBody } from '../upload-body.ts';

export const putObject: Operation = {
  permissions: (request) => {
    const path = { ...objectOf(request), access: 'write' } as const;
    return request.headers.get('x-oss-tagging') === undefined
      ? [{ action: 'oss:PutObject', ...path }]
      : [
          { action: 'oss:PutObject', ...path },
          { action: 'oss:PutObjectTagging', ...objectOf(request) },
        ];
  },

  async run({ service, request, caller }) {
    const bucket = service.buckets.require(bucketOf(request));
    const options = {
      properties: readProperties(request.headers, bucket.storageClass),
      contentMd5: readContentMd5(request),
      forbidOverwrite: readForbidOverwrite(request),
    };
    const path = objectOf(request);
    const object = await service.objects.put(path, uploadBody(request), options, caller);
    const { 'Last-Modified': _, ...headers } = identityHeaders(object);
    return { status: 200, headers: { ...headers, 'Content-MD5': contentMd5(object.eTag) } };
  },
};
