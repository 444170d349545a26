import { bodyOf, NO_CONTENT, type Operation } from './operation.ts';
import { QUEUE_ELEMENTS, readDeadLetter, readQueueAttributes } from './queues-xml.ts';

/** `PUT /queues/<name>?metaoverride=true`; attributes that are absent stay as they are. */
export const setQueueAttributes: Operation = {
  action: 'SetQueueAttributes',
  query: ['metaoverride'],
  async run(call) {
    const body = bodyOf(call, 'Queue', QUEUE_ELEMENTS);
    const attributes = readQueueAttributes(body);
    await call.service.setQueueAttributes(call.name, attributes, readDeadLetter(body));
    return { status: NO_CONTENT };
  },
};
