import type { IncomingHttpHeaders } from 'node:http';
import { expect, it } from 'vitest';
import { oddServer, reply } from '#test/odd-server';
import { clientOf } from './local-smq.ts';

const XML = { 'content-type': 'text/xml' };
const answering = async (body: string, status = 200) =>
  clientOf(await oddServer(reply(status, XML, body)));
const elements = (fields: Record<string, unknown>) =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');

it('reads each attribute of a queue', async () => {
  const fields = {
    QueueName: 'q',
    DelaySeconds: 1,
    MaximumMessageSize: 2048,
    MessageRetentionPeriod: 61,
    VisibilityTimeout: 3,
    PollingWaitSeconds: 4,
    LoggingEnabled: 'True',
    ActiveMessages: 5,
    InactiveMessages: 6,
    DelayMessages: 7,
    CreateTime: 1_700_000_001,
    LastModifyTime: 1_700_000_002,
  };
  const client = await answering(`<Queue xmlns="x">${elements(fields)}</Queue>`);
  expect(await client.queue('q').attributes()).toEqual({
    name: 'q',
    delaySeconds: 1,
    maximumMessageSize: 2048,
    messageRetentionPeriod: 61,
    visibilityTimeout: 3,
    pollingWaitSeconds: 4,
    loggingEnabled: true,
    activeMessages: 5,
    inactiveMessages: 6,
    delayMessages: 7,
    createTime: 1_700_000_001_000,
    lastModifyTime: 1_700_000_002_000,
  });
});

it('reads each attribute of a topic', async () => {
  const fields = {
    TopicName: 't',
    MaximumMessageSize: 2048,
    MessageRetentionPeriod: 61,
    MessageCount: 5,
    LoggingEnabled: 'true',
    CreateTime: 1,
    LastModifyTime: 2,
  };
  const client = await answering(`<Topic xmlns="x">${elements(fields)}</Topic>`);
  expect(await client.topic('t').attributes()).toEqual({
    name: 't',
    maximumMessageSize: 2048,
    messageRetentionPeriod: 61,
    messageCount: 5,
    loggingEnabled: true,
    createTime: 1000,
    lastModifyTime: 2000,
  });
});

it.each([
  ['<FilterTag>tag</FilterTag>', 'tag'],
  ['<FilterTag></FilterTag>', undefined],
  ['', undefined],
])('reads each attribute of a subscription with %j', async (tag, filterTag) => {
  const fields = {
    SubscriptionName: 's',
    TopicName: 't',
    Endpoint: 'http://h/',
    NotifyStrategy: 'BACKOFF_RETRY',
    NotifyContentFormat: 'XML',
    CreateTime: 1,
    LastModifyTime: 2,
  };
  const client = await answering(
    `<Subscription xmlns="x">${elements(fields)}${tag}</Subscription>`,
  );
  expect(await client.topic('t').subscription('s')).toEqual({
    name: 's',
    topicName: 't',
    endpoint: 'http://h/',
    filterTag,
    notifyStrategy: 'BACKOFF_RETRY',
    notifyContentFormat: 'XML',
    createTime: 1000,
    lastModifyTime: 2000,
  });
});

it('asks for a page of a list in headers, and for what is given only', async () => {
  const asked: IncomingHttpHeaders[] = [];
  const url = await oddServer((request, response) => {
    asked.push(request.headers);
    response.writeHead(200, XML).end('<Queues xmlns="x"></Queues>');
  });
  const client = clientOf(url);
  await client.listQueues();
  await client.listQueues({ prefix: 'p', max: 7, marker: 'm' });
  const listing = asked.map((headers) =>
    Object.entries(headers).filter(([name]) => /^x-mns-(?!version|date)/.test(name)),
  );
  expect(listing.map((headers) => Object.fromEntries(headers))).toEqual([
    {},
    { 'x-mns-prefix': 'p', 'x-mns-ret-number': '7', 'x-mns-marker': 'm' },
  ]);
});

it.each([
  ['prefix', (value: string) => ({ prefix: value })],
  ['marker', (value: string) => ({ marker: value })],
])('names the %s that no header can carry', async (name, options) => {
  await expect(clientOf('http://127.0.0.1:1').listQueues(options('ä'))).rejects.toMatchObject({
    message: `${name} is "ä": use printable ASCII`,
  });
});

it.each([
  ['QpsLimitExceeded', true],
  ['InternalError', true],
  ['Malformed', false],
])(
  'a message of a batch that is refused with %s may be sent again: %s',
  async (code, retryable) => {
    const message = `<Message><ErrorCode>${code}</ErrorCode></Message>`;
    const client = await answering(`<Messages xmlns="x">${message}</Messages>`, 500);
    expect(await client.queue('q').sendBatch([{ body: 'a' }])).toEqual([
      { ok: false, error: expect.objectContaining({ code, retryable }) },
    ]);
  },
);

it('reports what SMQ says of a message of a batch that was not stored', async () => {
  const stored = '<MessageId>A</MessageId><MessageBodyMD5>B</MessageBodyMD5>';
  const refused = '<ErrorCode>Malformed</ErrorCode><ErrorMessage>Too odd.</ErrorMessage>';
  const client = await answering(
    `<Messages xmlns="x"><Message>${stored}</Message><Message>${refused}</Message></Messages>`,
    500,
  );
  expect(await client.queue('q').sendBatch([{ body: 'a' }, { body: 'b' }])).toEqual([
    { ok: true, value: { messageId: 'A', bodyMd5: 'B' } },
    {
      ok: false,
      error: expect.objectContaining({
        code: 'Malformed',
        message: 'BatchSendMessage on queue "q" failed with 500 Malformed "Too odd"',
      }),
    },
  ]);
});
