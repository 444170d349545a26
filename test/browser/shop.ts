import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DrivenClock, startTestCloud, type TestCloud, until } from 'fc-local/testing';
import { expect, onTestFinished } from 'vitest';
import { type Queue, SmqClient } from '#shared/smq';

const SERVERLESS = `edition: 3.0.0
name: shop
access: default
resources:
  checkout:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: shop-checkout
      runtime: nodejs20
      handler: index.handler
      code: ./code
      timeout: 30
      role: acs:ram::1000000000000001:role/shop-checkout
      environmentVariables: { QUEUE_NAME: orders, API_TOKEN: not-to-be-seen }
      triggers:
        - triggerName: http
          triggerType: http
          triggerConfig: { authType: anonymous, methods: [GET, POST] }
        - triggerName: hourly
          triggerType: timer
          triggerConfig: { cronExpression: '@every 60m', enable: false }
  resize:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: shop-resize
      runtime: nodejs20
      handler: index.handler
      code: ./code
      triggers:
        - triggerName: uploads
          triggerType: oss
          sourceArn: acs:oss:cn-hangzhou:1000000000000001:shop-photos
          triggerConfig:
            events: ['oss:ObjectCreated:*']
            filter: { key: { prefix: in/, suffix: .jpg } }
        - triggerName: news
          triggerType: mns_topic
          sourceArn: acs:mns:cn-hangzhou:1000000000000001:/topics/news
          triggerConfig: { notifyContentFormat: STREAM, notifyStrategy: BACKOFF_RETRY }
  elsewhere:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: shop-elsewhere
      runtime: custom-container
      customContainerConfig: { image: registry.example/shop:1 }
`;

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const CODE = `
exports.handler = async (event, context) => {
  const text = event.toString();
  console.log(JSON.stringify({ level: 'info', message: 'Took an order', orderId: 'order-1', traceId: '${TRACE}', size: event.length }));
  console.warn('a line that has no end and no space in it: ' + 'x'.repeat(300));
  if (text.includes('"fail"')) throw new Error('The order has no lines: ' + 'y'.repeat(200));
  return { statusCode: text.includes('"odd"') ? 502 : 200, body: JSON.stringify({ id: context.requestId, note: 'z'.repeat(300) }) };
};
`;

/** Is read as JSON, and is longer than a line. */
export const LONG_ORDER = JSON.stringify({
  id: 'order-1',
  lines: [{ sku: 'a-very-long-name-without-any-space-in-it'.repeat(5), quantity: 2 }],
  note: 'thank you '.repeat(40),
});

const LONG_NAME = 'a-queue-with-the-longest-name-there-is-which-does-not-break'.padEnd(120, '-x');

export interface Shop {
  cloud: TestCloud;
  /** It does not move: leases, delays and ages stay the same. */
  clock: DrivenClock;
  /** The console's address, without a slash at the end. */
  url: string;
}

/**
 * Starts a small account with some of everything, and its console; its functions have run unless `invoked`
 * is false.
 */
export async function startShop({ invoked = true } = {}): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'code'));
  await writeFile(join(folder, 's.yaml'), SERVERLESS);
  await writeFile(join(folder, 'code/index.js'), CODE);
  const clock = new DrivenClock();
  const cloud = await startTestCloud({
    project: folder,
    variables: {},
    clock,
    console: true,
    resources: {
      queues: [
        { name: 'dead' },
        { name: LONG_NAME },
        { name: 'empty' },
        { name: 'orders', deadLetter: { queue: 'dead', maxReceiveCount: 3 } },
      ],
      topics: [{ name: 'news' }],
      buckets: [{ name: 'shop-photos', acl: 'private' }],
      roles: [
        {
          name: 'shop-checkout',
          trust: {
            Version: '1',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { Service: ['fc.aliyuncs.com'] },
              },
            ],
          },
          policies: [
            {
              name: 'send',
              document: {
                Version: '1',
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: ['mns:SendMessage'],
                    Resource: ['acs:mns:*:*:/queues/orders/messages'],
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  });
  onTestFinished(() => cloud.close());

  const orders = cloud.queue('orders');
  await orders.send(LONG_ORDER, {
    userProperties: [
      { name: 'traceparent', value: `00-${TRACE}-00f067aa0ba902b7-01`, type: 'STRING' },
    ],
  });
  await orders.send('short');
  await orders.send('later', { delaySeconds: 600 });
  await cloud.queue('dead').send('given up');
  const topic = cloud.topic('news');
  await topic.subscribe('to-orders', { queue: 'orders' });
  await topic.publish('{"offer":"tea"}');
  const photos = cloud.bucket('shop-photos');
  await photos.put('notes/long.json', LONG_ORDER, { contentType: 'application/json' });
  await photos.put(`notes/${'long-key-'.repeat(20)}.txt`, 'text', { contentType: 'text/plain' });
  await photos.put('notes/<b>"&.bin', new Uint8Array([0, 1, 2]));
  await photos.put(
    'dot.svg',
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle cx="10" cy="10" r="9"/></svg>',
    { contentType: 'image/svg+xml' },
  );
  await photos.beginUpload('in/unfinished.jpg');
  const shop = { cloud, clock, url: cloud.console?.url ?? '' };
  if (!invoked) return shop;
  for (const event of ['{"id":"order-1","password":"not-to-be-seen"}', '"odd"', '"fail"'])
    await cloud.function('checkout').invoke(event);
  const resize = cloud.function('resize');
  const states = () => cloud.fc?.instances(resize.spec.name).map(({ state }) => state);
  await until(() => resize.invocations().length === 1 && !states()?.includes('busy'));
  const { expiration: _, ...credential } = cloud.credentialsOf('checkout');
  // Its role may only send.
  await expect(ordersAs(cloud, credential).receive()).rejects.toThrow();
  return shop;
}

type Credentials = ConstructorParameters<typeof SmqClient>[0]['credentials'];

function ordersAs({ accountId, region, environment }: TestCloud, credentials: Credentials): Queue {
  return new SmqClient({ accountId, region, credentials, env: environment }).queue('orders');
}

/** Receives the oldest messages of `orders` once, and ends their leases. */
export async function endLeases({ cloud, clock }: Shop, max: number): Promise<void> {
  const received = await ordersAs(cloud, cloud.accessKey).receiveBatch({ max });
  if (received.length !== max) throw new Error(`${received.length} messages in place of ${max}`);
  await clock.advance(60_000);
}
