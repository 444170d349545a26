import { bodyOf, NO_CONTENT, type Operation } from './operation.ts';
import { readDeadLetter, readQueueAttributes } from './queues-xml.ts';

/** `PUT /queues/<name>?metaoverride=true`; attributes that are absent stay as they are. */
export const setQueueAttributes: Operation = {
  action: 'SetQueueAttributes',
  query: ['metaoverride'],
  async run(call) {
    const body = bodyOf(call, 'Queue');
    const attributes = readQueueAttributes(body);
    await call.service.setQueueAttributes(call.name, attributes, readDeadLetter(body));
    return { status: NO_CONTENT };
  },
};
