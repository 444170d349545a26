import { bodyOf, CREATED, NO_CONTENT, type Operation } from './operation.ts';
import { readTopicAttributes, TOPIC_ELEMENTS } from './topics-xml.ts';

/** `PUT /topics/<name>`. Repeating it answers 204, with the location as well. */
export const createTopic: Operation = {
  action: 'CreateTopic',
  query: ['metaoverride'],
  async run(call) {
    const attributes = readTopicAttributes(bodyOf(call, 'Topic', TOPIC_ELEMENTS));
    const created = await call.service.createTopic(call.name, attributes);
    return {
      status: created === 'created' ? CREATED : NO_CONTENT,
      headers: { Location: `${call.base}/topics/${call.name}` },
    };
  },
};
