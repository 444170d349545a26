import { bodyOf, NO_CONTENT, type Operation } from './operation.ts';
import { readQueueAttributes } from './queues-xml.ts';

/** `PUT /queues/<name>?metaoverride=true`; attributes that are absent stay as they are. */
export const setQueueAttributes: Operation = {
  action: 'SetQueueAttributes',
  query: ['metaoverride'],
  async run(call) {
    const attributes = readQueueAttributes(bodyOf(call, 'Queue'));
    await call.service.setQueueAttributes(call.name, attributes);
    return { status: NO_CONTENT };
  },
};
