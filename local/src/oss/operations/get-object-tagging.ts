import { xmlAnswer } from '../answers.ts';
import { type Operation, objectOf } from '../operation.ts';
import { renderTagSet } from '../tags.ts';

export const getObjectTagging: Operation = {
  permissions: (request) => [{ action: 'oss:GetObjectTagging', ...objectOf(request) }],

  async run({ service, request }) {
    const { tags } = service.objects.require(objectOf(request));
    return xmlAnswer('Tagging', renderTagSet(tags));
  },
};
