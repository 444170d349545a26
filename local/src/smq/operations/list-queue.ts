import { pageReply, pageRequest, wantsMeta } from './lists.ts';
import type { Operation } from './operation.ts';
import { queueElements } from './queues-xml.ts';

/** `GET /queues`, with `x-mns-prefix`, `x-mns-marker`, `x-mns-ret-number` and `x-mns-with-meta`. */
export const listQueue: Operation = {
  action: 'ListQueue',
  query: [],
  run(call) {
    const withMeta = wantsMeta(call);
    const page = call.service.listQueues(pageRequest(call));
    return pageReply('Queues', 'Queue', page, (queue) => ({
      QueueURL: `${call.base}/queues/${queue.name}`,
      ...(withMeta ? queueElements(queue) : { QueueName: queue.name }),
    }));
  },
};
