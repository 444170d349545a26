import type { FunctionSpec } from 'fc-local';
import {
  httpEvent,
  ossEvent,
  queueEvent,
  type TestCloud,
  timerEvent,
  topicEvent,
} from 'fc-local/testing';
import { queueOf } from '#test/messages';
import { anOrder } from '#test/orders';

const TICK = timerEvent();
const order = () => JSON.stringify(anOrder());

/** By the function's name in s.yaml. */
const EVENTS: Record<string, (cloud: TestCloud) => Promise<Buffer> | Buffer> = {
  'topic-publisher': () => httpEvent({ body: order() }),
  async 'queue-consumer'(cloud) {
    await queueOf(cloud, 'queue-consumer').send(order());
    return TICK;
  },
  'queue-event-consumer': () => queueEvent([order()]),
  'topic-subscriber': () => topicEvent(order()),
  'oss-uploader': () => httpEvent({ method: 'PUT', path: `/${anOrder().id}`, body: 'text' }),
  // The object is gone: one HEAD request.
  'oss-event-handler': (cloud) => ossEvent(cloud.bucket().name, [{ key: 'uploads/gone.txt' }]),
  'oss-archiver': () =>
    Buffer.from(JSON.stringify({ prefix: 'uploads/', output: `archives/${anOrder().id}.zip` })),
  'oss-sweeper': () => TICK,
  'queue-fleet': () => TICK,
  // Signed here, without a request.
  'upload-grant': () =>
    httpEvent({
      body: JSON.stringify({ kind: 'url', name: 'a.txt', contentType: 'text/plain', size: 4 }),
    }),
  'mpaas-vhost': () => httpEvent({ method: 'GET' }),
  // Asynchronous: the called function's own cold start is not waited for.
  'function-invoker': (cloud) => {
    const callee = cloud.function('queue-consumer').spec;
    return httpEvent({
      body: JSON.stringify({ calls: [{ function: callee.name }], type: 'async' }),
    });
  },
};

/** What a function is asked first: its whole job once, against the local services. */
export async function firstEvent(cloud: TestCloud, fn: FunctionSpec): Promise<Buffer> {
  return (await EVENTS[fn.resource]?.(cloud)) ?? Buffer.from('{}');
}
