import { isoSeconds, quoted, xmlAnswer } from '../answers.ts';
import { checkConditions } from '../conditions.ts';
import { copySourcePermissions, readCopySource } from '../copy-source.ts';
import { checkReadable } from '../core/archive.ts';
import { encryptionOf, refuseOfPart } from '../encryption.ts';
import { type Operation, objectOf } from '../operation.ts';
import { readCopyRange } from '../range.ts';
import { readPartNumber, uploadOf } from '../read-upload.ts';

export const uploadPartCopy: Operation = {
  permissions: (request) => [
    ...copySourcePermissions(request),
    { action: 'oss:PutObject', ...objectOf(request), access: 'write' },
  ],

  async run({ service, request, pace }) {
    const { headers } = request;
    refuseOfPart(headers);
    const number = readPartNumber(request);
    const source = service.objects.follow(readCopySource(request));
    checkReadable(source, service.clock.now());
    checkConditions(headers, source, 'x-oss-copy-source-');
    const { start, end } = readCopyRange(headers.get('x-oss-copy-source-range'), source.size);
    const upload = uploadOf(request);
    const encryption = encryptionOf(service.uploads.require(upload));
    const content = service.objects.stream(source, start, end - start + 1);
    // A body that is refused before it is read would hold the source's files forever.
    const part = await service.uploads
      .writePart(upload, number, pace.over(content))
      .finally(() => content.destroy());
    return xmlAnswer(
      'CopyPartResult',
      { LastModified: isoSeconds(part.lastModified), ETag: quoted(part.eTag) },
      {
        ETag: quoted(part.eTag),
        'x-oss-hash-crc64ecma': part.crc64,
        ...encryption,
        ...(source.size > 0 && { 'Content-Range': `bytes ${start}-${end}/${source.size}` }),
      },
    );
  },
};
