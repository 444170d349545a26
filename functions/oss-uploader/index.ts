/**
 * oss-uploader: stores the body of an HTTP request, or the one file of a form in it, as an object.
 *
 * Trigger   HTTP, PUT or POST /<name> (s.yaml: oss-uploader)
 * Run here  npm start, then: curl -T photo.jpg <address>/photo.jpg, or curl -F file=@photo.jpg <address>/
 * Change    the prefix, the size limit, whether an object may be replaced, which types are taken
 * Docs      https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
 *
 * A request repeated because its answer was lost gets the same answer again: only an object with
 * other bytes is a conflict.
 */
import { environment, httpHandler, json } from '#shared/handler';
import { contentTypeOf, objectKey, ossClient, putOnce, receivedFile } from '#shared/oss';

const MAX_BODY_BYTES = 16 * 1024 * 1024; // bytes; FC itself takes 32 MB
const OVERWRITE = false; // true replaces an object of the same name

export const handler = httpHandler({
  maxBodyBytes: MAX_BODY_BYTES,
  async handle({ request, context, log }) {
    const { BUCKET_NAME } = environment(['BUCKET_NAME']);
    const { path, content, contentType: declared } = await receivedFile(request);
    const key = objectKey('uploads/', path);

    const contentType = contentTypeOf(declared, content);
    const bucket = ossClient(context, { bucket: BUCKET_NAME });
    const { eTag, crc64 } = OVERWRITE
      ? await bucket.putObject(key, content, { contentType })
      : await putOnce(bucket, key, content, contentType);
    log.info({ key, size: content.length, contentType }, 'Stored object');
    return json(201, { key, size: content.length, contentType, eTag, crc64 });
  },
});
