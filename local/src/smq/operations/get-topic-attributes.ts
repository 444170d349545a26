import type { Operation } from './operation.ts';
import { topicElements } from './topics-xml.ts';

/** `GET /topics/<name>`. */
export const getTopicAttributes: Operation = {
  action: 'GetTopicAttributes',
  query: [],
  run({ service, name }) {
    return { status: 200, body: ['Topic', topicElements(service.getTopic(name))] };
  },
};
