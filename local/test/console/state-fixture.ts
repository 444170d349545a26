import { createHash } from 'node:crypto';
import { exchange } from '../exchange.ts';
import { startTestConsole } from './fixture.ts';

export type Test = Awaited<ReturnType<typeof startTestConsole>>;

export function importInto(
  { port, url }: Test,
  body: string | Buffer,
  headers: Record<string, string> = {},
) {
  const sent = Buffer.from(body);
  return exchange(port, {
    method: 'POST',
    path: '/import',
    headers: {
      origin: url,
      'content-type': 'application/x-ndjson',
      'content-length': String(sent.length),
      ...headers,
    },
    body: sent,
  });
}

/** Returns everything that an export must contain. */
export async function contents({ smq, oss }: Test) {
  const queues = smq
    .listQueues()
    .items.map(({ createTime: _, lastModifyTime: __, ...queue }) => queue);
  return {
    queues,
    messages: queues.map(({ name }) => smq.inspect(name)),
    topics: smq.listTopics().items.map(({ name, topicType }) => ({ name, topicType })),
    subscriptions: smq
      .listTopics()
      .items.flatMap(({ name }) =>
        smq
          .listSubscriptions(name)
          .items.map(({ createTime: _, lastModifyTime: __, ...one }) => one),
      ),
    buckets: oss.buckets.list(),
    objects: await Promise.all(
      oss.buckets.list().flatMap(({ name }) =>
        oss.listObjects(name).map(async ({ segments: _, ...object }) => ({
          ...object,
          content:
            object.target === undefined
              ? (await oss.readObject(name, object.key)).toString('base64')
              : '',
        })),
      ),
    ),
  };
}

export const BINARY = Buffer.from(
  Array.from({ length: 500_000 }, (_, nth) => (nth * 31 + (nth >> 8)) % 256),
);
export const CALLER = { requestId: 'R1' };

export async function filled(): Promise<Test> {
  const test = await startTestConsole();
  const { smq, oss, store } = test;
  await smq.createQueue('line', { queueType: 'fifo', visibilityTimeout: 77 });
  await smq.setDeadLetter('orders', { queue: 'dead', maxReceiveCount: 1 });
  await smq.send('orders', { body: 'poison' });
  await smq.receive('orders');
  await test.clock.advance(31_000);
  const userProperties = [
    { name: 'n', value: '1', type: 'NUMBER' },
    { name: 'b', value: 'AAE=', type: 'BINARY' },
  ] as const;
  await smq.send('orders', {
    body: '汉 "<b>"\n',
    priority: 2,
    userProperties: [...userProperties],
  });
  await smq.receive('orders');
  await smq.send('orders', { body: 'later', delaySeconds: 600 });
  for (const body of ['1', '2']) await smq.send('line', { body, groupId: 'g' });
  await smq.createTopic('more', { topicType: 'fifo' });
  const endpoint = 'acs:mns:cn-hangzhou:1234567890:queues/orders';
  await smq.subscribe('news', 'to-orders', {
    endpoint,
    filterTag: 'x',
    notifyContentFormat: 'JSON',
  });
  const cors = {
    rules: [
      { allowedOrigins: ['*'], allowedMethods: ['GET'], allowedHeaders: [], exposeHeaders: [] },
    ],
    responseVary: false,
  };
  await oss.buckets.set('photos', { cors });
  await store('in/汉 & "x".bin', BINARY, { 'content-type': 'image/png' });
  await store('empty', '');
  await store('text', 'hello');
  await oss.objects.link(
    { bucket: 'photos', key: 'link' },
    'text',
    {
      properties: {
        headers: {},
        meta: {},
        acl: 'default',
        storageClass: 'Standard',
        tags: [['a', 'b']],
      },
    },
    CALLER,
  );
  return test;
}

let text: Promise<string> | undefined;

/** Returns the export of a `filled` account, which is made once in a file. */
export function exported(): Promise<string> {
  text ??= filled()
    .then(({ get }) => get('/export'))
    .then((answer) => answer.text);
  return text;
}

/** Decodes the content of objects to text. */
export function readable(text: string): string {
  return text.replace(/"data":"([^"]*)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString(),
  );
}

/** Returns the lines of an export, changed, with a last line that fits. */
export function resealed(text: string, change: (lines: string[]) => string[]): string {
  const lines = change(text.trimEnd().split('\n').slice(0, -1));
  const body = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(body).digest('hex');
  return `${body}${JSON.stringify({ kind: 'end', lines: lines.length, sha256, hidden: 0 })}\n`;
}
