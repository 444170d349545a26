import { Readable } from 'node:stream';
import { startLocalCloud } from '#src/main';

/** What an account holds: its messages in one queue, its objects in one bucket. */
export interface Filling {
  messages: number;
  objects: number;
  queues: number;
}

const BUCKET = 'bench-photos';
const BODY = JSON.stringify({
  id: 'order-1',
  lines: [{ sku: 'abc', quantity: 2 }],
  note: 'thanks',
});
const said = { headers: {}, meta: {}, acl: 'default', storageClass: 'Standard', tags: [] } as const;

const { messages, objects, queues }: Filling = JSON.parse(process.argv[2] ?? '');
const cloud = await startLocalCloud({
  console: true,
  ...(objects > 0 && { resources: { buckets: [{ name: BUCKET, acl: 'private' }] } }),
});
const smq = cloud.smq.service;
for (let nth = 0; nth < queues; nth++)
  await smq.createQueue(nth === 0 ? 'orders' : `queue-${String(nth).padStart(4, '0')}`);
for (let nth = 0; nth < messages; nth += 16)
  await smq.sendBatch('orders', Array(16).fill({ body: BODY }));
for (let nth = 0; nth < objects; nth++)
  await cloud.oss.service.objects.put(
    { bucket: BUCKET, key: `orders/${nth}.json` },
    Readable.from([Buffer.from(BODY)]),
    { properties: said },
    { requestId: 'BENCH' },
  );

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('disconnect', () => process.exit());
process.send?.(cloud.console?.url);
