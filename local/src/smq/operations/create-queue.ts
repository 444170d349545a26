import { bodyOf, CREATED, NO_CONTENT, type Operation } from './operation.ts';
import { QUEUE_ELEMENTS, readDeadLetter, readQueueAttributes } from './queues-xml.ts';

/** `PUT /queues/<name>`. Repeating it answers 204, with the location as well. */
export const createQueue: Operation = {
  action: 'CreateQueue',
  query: ['metaoverride'],
  async run(call) {
    const body = bodyOf(call, 'Queue', QUEUE_ELEMENTS);
    const policy = readDeadLetter(body);
    const created = await call.service.createQueue(
      call.name,
      readQueueAttributes(body),
      policy === 'none' ? undefined : policy,
    );
    return {
      status: created === 'created' ? CREATED : NO_CONTENT,
      headers: { Location: `${call.base}/queues/${call.name}` },
    };
  },
};
