// Runs the local SMQ in a separate process that delays each request by some milliseconds; reports its
// address.
import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestCloud } from 'fc-local/testing';
import { ACCOUNT, OWNER, QUEUE, REGION } from './account.ts';

/** The number of messages to fill the queue with, or a request to count those still in it. */
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

/** Passes each request on after its delay. */
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
