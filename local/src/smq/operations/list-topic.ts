import { pageReply, pageRequest, wantsMeta } from './lists.ts';
import type { Operation } from './operation.ts';
import { topicElements } from './topics-xml.ts';

/** `GET /topics`, with the same headers as ListQueue. */
export const listTopic: Operation = {
  action: 'ListTopic',
  query: [],
  run(call) {
    const withMeta = wantsMeta(call);
    const page = call.service.listTopics(pageRequest(call));
    return pageReply('Topics', 'Topic', page, (topic) => ({
      TopicURL: `${call.base}/topics/${topic.name}`,
      ...(withMeta ? topicElements(topic) : { TopicName: topic.name }),
    }));
  },
};
