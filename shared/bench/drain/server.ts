// The local SMQ in a process of its own, each request so many milliseconds late; says its address.
import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestCloud } from 'fc-local/testing';
import { ACCOUNT, OWNER, QUEUE, REGION } from './account.ts';

/** Fills the queue with so many messages, or counts those that are still in it. */
export type Order = { fill: number } | 'count';

const [latencyMs = 5] = process.argv.slice(2).map(Number);
const cloud = await startTestCloud({
  functions: false,
  accountId: ACCOUNT,
  region: REGION,
  ...OWNER,
  resources: { queues: [{ name: QUEUE, visibilityTimeout: 600 }] },
});
const queue = cloud.queue(QUEUE);

async function obey(order: Order): Promise<number> {
  if (order !== 'count') {
    const bodies = Array.from({ length: order.fill }, (_, n) => JSON.stringify({ n }));
    await Promise.all(bodies.map((body) => queue.send(body)));
  }
  return queue.messages(order === 'count' ? 1 : order.fill).length;
}

/** Passes each request on once its time has come. */
const agent = new Agent({ keepAlive: true });
const late = createServer((request, response) => {
  const { method, url = '/', headers } = request;
  setTimeout(() => {
    const passed = send(new URL(url, cloud.smq.url), { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passed);
  }, latencyMs);
});
late.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(late.address() as AddressInfo).port}` });
});

process.on('message', (order: Order) => {
  void obey(order).then((answer) => process.send?.({ answer }));
});
