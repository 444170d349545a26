import { childText } from '../../xml/children.ts';
import type { XmlElement } from '../../xml/parse.ts';
import { encoderOf, identityHeaders, quoted, urlOfObject, xmlAnswer } from '../answers.ts';
import { toBytes } from '../bytes.ts';
import { callBack } from '../callback/call-back.ts';
import { readCallback } from '../callback/read-callback.ts';
import type { ListedPart } from '../core/uploads.ts';
import { encryptionOf } from '../encryption.ts';
import { invalidArgument, OssError } from '../errors.ts';
import { MAX_PART_NUMBER } from '../limits.ts';
import { type Operation, objectOf } from '../operation.ts';
import { readObjectAcl } from '../properties.ts';
import { readEncodingType } from '../read-listing.ts';
import { uploadOf } from '../read-upload.ts';
import { readXmlBody } from '../read-xml.ts';
import type { OssRequest } from '../request.ts';
import { readForbidOverwrite } from '../upload-body.ts';

export const completeMultipartUpload: Operation = {
  permissions: (request) => [{ action: 'oss:PutObject', ...objectOf(request), access: 'write' }],

  async run({ service, request, caller }) {
    const callback = readCallback(request);
    const encodingType = readEncodingType(request);
    const path = uploadOf(request);
    service.uploads.require(path);
    const listed = await readListedParts(request);
    const options = {
      forbidOverwrite: readForbidOverwrite(request),
      acl: readObjectAcl(request.headers, service.buckets.require(path.bucket)),
    };
    const md5 = await service.uploads.contentMd5(path, listed);
    const object = await service.uploads.complete(path, listed, options, caller);
    const { 'Last-Modified': _, ...identity } = identityHeaders(object);
    const headers = {
      ...identity,
      ...(md5 !== undefined && { 'Content-MD5': md5 }),
      ...encryptionOf(object),
    };
    if (callback) {
      const stored = { object, caller, operation: 'CompleteMultipartUpload' } as const;
      const answer = { ...headers, ETag: quoted(object.eTag) };
      return callBack(callback, stored, {
        host: request.host,
        headers: answer,
        closing: service.closing,
      });
    }
    return xmlAnswer(
      'CompleteMultipartUploadResult',
      {
        EncodingType: encodingType,
        Location: urlOfObject(request, object),
        Bucket: object.bucket,
        Key: encoderOf(encodingType)(toBytes(object.key)),
        ETag: quoted(object.eTag),
      },
      headers,
    );
  },
};

/**
 * Returns the parts that the body lists; undefined when the header asks for all, and there must be
 * no body.
 */
async function readListedParts(request: OssRequest): Promise<ListedPart[] | undefined> {
  const body = await readXmlBody(request, 'CompleteMultipartUpload');
  const all = request.headers.oneOf('x-oss-complete-all', ['yes']) === 'yes';
  if (all && body)
    throw invalidArgument('x-oss-complete-all', 'yes', 'send no body together with it');
  if (all) return undefined;
  if (!body) throw new OssError('MalformedXML');
  const parts = body.children.filter(({ name }) => name === 'Part');
  if (parts.length > MAX_PART_NUMBER) throw new OssError('MalformedXML');
  return parts.map(readPart);
}

function readPart(part: XmlElement): ListedPart {
  const number = childText(part, 'PartNumber')?.trim() ?? '';
  const eTag = childText(part, 'ETag')?.trim() ?? '';
  if (!/^\d{1,5}$/.test(number) || eTag === '') throw new OssError('MalformedXML');
  return { number: Number(number), eTag: eTag.replace(/^"(.*)"$/, '$1').toUpperCase() };
}
