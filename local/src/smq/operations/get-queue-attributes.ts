import type { Operation } from './operation.ts';
import { queueElements } from './queues-xml.ts';

/** `GET /queues/<name>`. */
export const getQueueAttributes: Operation = {
  action: 'GetQueueAttributes',
  query: [],
  run({ service, name }) {
    return { status: 200, body: ['Queue', queueElements(service.getQueue(name))] };
  },
};
