// Runs the local SMQ and OSS in a separate process; reports their addresses, fills the queue and counts
// what is in it.
import { startTestCloud } from 'fc-local/testing';
import { ACCOUNT, BUCKET, OWNER, QUEUE, REGION } from './account.ts';

/** Bodies to send, or a request for the number of messages left. */
export type Order = { fill: string[] } | 'count';

const cloud = await startTestCloud({
  functions: false,
  accountId: ACCOUNT,
  region: REGION,
  ...OWNER,
  resources: {
    queues: [{ name: QUEUE, visibilityTimeout: 600 }],
    buckets: [{ name: BUCKET, acl: 'private' }],
  },
});
const queue = cloud.queue(QUEUE);

process.on('message', async (order: Order) => {
  if (order !== 'count') for (const body of order.fill) await queue.send(body);
  process.send?.({ left: queue.messages().length });
});
process.send?.({ SMQ_ENDPOINT: cloud.smq.url, OSS_ENDPOINT: cloud.oss.url });
