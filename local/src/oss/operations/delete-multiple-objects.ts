import { childText } from '../../xml/children.ts';
import type { XmlElement } from '../../xml/parse.ts';
import { encoderOf, xmlAnswer } from '../answers.ts';
import { toBytes } from '../bytes.ts';
import { checkObjectKey } from '../core/names.ts';
import { notImplemented, OssError } from '../errors.ts';
import { MAX_MULTI_DELETE_KEYS } from '../limits.ts';
import { bucketOf, type Operation } from '../operation.ts';
import { readEncodingType } from '../read-listing.ts';
import { readXmlBody } from '../read-xml.ts';
import { withVersion } from '../versions.ts';

export const deleteMultipleObjects: Operation = {
  // Permission for each key is checked once the body has named it; the bucket must exist before
  // that.
  permissions: () => [],

  async run({ service, request, caller, authorize }) {
    const bucket = bucketOf(request);
    const body = await readXmlBody(request, 'Delete');
    if (!body) throw new OssError('MalformedXML');
    const encodingType = readEncodingType(request);
    const named = readKeys(body);
    const keys = named.map(({ key }) => key);
    authorize(
      named.flatMap(({ key, version }) =>
        withVersion(
          [{ action: 'oss:DeleteObject', bucket, key, access: 'write' }],
          version !== undefined,
        ),
      ),
    );
    for (const key of keys)
      await service.objects.remove({ bucket, key }, caller, 'ObjectRemoved:DeleteObjects');

    if (childText(body, 'Quiet')?.trim() === 'true') return xmlAnswer('DeleteResult', {});
    const encode = encoderOf(encodingType);
    return xmlAnswer('DeleteResult', {
      EncodingType: encodingType,
      Deleted: named.map(({ key, version }) => ({
        Key: encode(toBytes(key)),
        VersionId: version,
      })),
    });
  },
};

function readKeys({ children }: XmlElement): { key: string; version: string | undefined }[] {
  const objects = children.filter(({ name }) => name === 'Object');
  if (objects.length === 0 || objects.length > MAX_MULTI_DELETE_KEYS)
    throw new OssError('MalformedXML');
  return objects.map((object) => {
    const version = childText(object, 'VersionId')?.trim() || undefined;
    if (version !== undefined && version !== 'null') throw notImplemented('versions of objects');
    const key = childText(object, 'Key');
    if (!key) throw new OssError('UserKeyMustBeSpecified');
    checkObjectKey(key);
    return { key, version };
  });
}
