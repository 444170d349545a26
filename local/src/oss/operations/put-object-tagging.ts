import { OssError } from '../errors.ts';
import { type Operation, objectOf } from '../operation.ts';
import { readXmlBody } from '../read-xml.ts';
import { readTagSet } from '../tags.ts';

export const putObjectTagging: Operation = {
  permissions: (request) => [{ action: 'oss:PutObjectTagging', ...objectOf(request) }],

  async run({ service, request }) {
    const body = await readXmlBody(request, 'Tagging');
    if (!body) throw new OssError('MalformedXML');
    await service.objects.set(objectOf(request), { tags: readTagSet(body) });
    return { status: 200 };
  },
};
