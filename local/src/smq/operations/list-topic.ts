import { pageReply, pageRequest, wantsMeta } from './lists.ts';
import type { Operation } from './operation.ts';
import { topicElements } from './topics-xml.ts';

/** `GET /topics`, with the same headers as ListQueue. */
export const listTopic: Operation = {
  action: 'ListTopic',
  query: [],
  run(call) {
    const withMeta = wantsMeta(call);
    return pageReply('Topics', call.service.listTopics(pageRequest(call)), (topic) => [
      'Topic',
      [
        ['TopicURL', `${call.base}/topics/${topic.name}`],
        ...(withMeta ? topicElements(topic) : [['TopicName', topic.name] as const]),
      ],
    ]);
  },
};
