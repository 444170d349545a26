import { bodyOf, NO_CONTENT, type Operation } from './operation.ts';
import { readTopicAttributes, TOPIC_ELEMENTS } from './topics-xml.ts';

/** `PUT /topics/<name>?metaoverride=true`; attributes that are absent stay as they are. */
export const setTopicAttributes: Operation = {
  action: 'SetTopicAttributes',
  query: ['metaoverride'],
  async run(call) {
    const attributes = readTopicAttributes(bodyOf(call, 'Topic', TOPIC_ELEMENTS));
    await call.service.setTopicAttributes(call.name, attributes);
    return { status: NO_CONTENT };
  },
};
