import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, REGION } from '#test/local-account';
import { oddServer, reply } from '#test/odd-server';
import { type Call, on } from './call.ts';

const endpoint = 'http://127.0.0.1/';

/** Each operation: its API's name, what it works on, and its request to the server. */
const OPERATIONS: [name: string, target: string, request: string, call: Call][] = [
  ['CreateQueue', 'queue "q"', 'PUT /queues/q', ({ client }) => client.createQueue('q')],
  ['CreateTopic', 'topic "t"', 'PUT /topics/t', ({ client }) => client.createTopic('t')],
  ['DeleteQueue', 'queue "q"', 'DELETE /queues/q', ({ client }) => client.deleteQueue('q')],
  ['DeleteTopic', 'topic "t"', 'DELETE /topics/t', ({ client }) => client.deleteTopic('t')],
  ['ListQueue', 'the account', 'GET /queues', ({ client }) => client.listQueues()],
  ['ListTopic', 'the account', 'GET /topics', ({ client }) => client.listTopics()],
  ['SendMessage', 'queue "q"', 'POST /queues/q/messages', ({ queue }) => queue.send('x')],
  [
    'BatchSendMessage',
    'queue "q"',
    'POST /queues/q/messages',
    ({ queue }) => queue.sendBatch([{ body: 'x' }]),
  ],
  [
    'BatchReceiveMessage',
    'queue "q"',
    'GET /queues/q/messages?numOfMessages=1&waitseconds=0',
    ({ queue }) => queue.receive({ waitSeconds: 0 }),
  ],
  [
    'BatchReceiveMessage',
    'queue "q"',
    'GET /queues/q/messages?numOfMessages=16',
    ({ queue }) => queue.receiveBatch(),
  ],
  [
    'BatchPeekMessage',
    'queue "q"',
    'GET /queues/q/messages?peekonly=true&numOfMessages=1',
    ({ queue }) => queue.peek(),
  ],
  [
    'DeleteMessage',
    'queue "q"',
    'DELETE /queues/q/messages?ReceiptHandle=a%2Bb%2F%3D',
    ({ queue }) => queue.delete('a+b/='),
  ],
  [
    'BatchDeleteMessage',
    'queue "q"',
    'DELETE /queues/q/messages',
    ({ queue }) => queue.deleteBatch(['h']),
  ],
  [
    'ChangeMessageVisibility',
    'queue "q"',
    'PUT /queues/q/messages?receiptHandle=h%3D&visibilityTimeout=5',
    ({ queue }) => queue.changeVisibility('h=', 5),
  ],
  ['GetQueueAttributes', 'queue "q"', 'GET /queues/q', ({ queue }) => queue.attributes()],
  [
    'SetQueueAttributes',
    'queue "q"',
    'PUT /queues/q?metaoverride=true',
    ({ queue }) => queue.setAttributes({ delaySeconds: 1 }),
  ],
  ['PublishMessage', 'topic "t"', 'POST /topics/t/messages', ({ topic }) => topic.publish('x')],
  ['GetTopicAttributes', 'topic "t"', 'GET /topics/t', ({ topic }) => topic.attributes()],
  [
    'SetTopicAttributes',
    'topic "t"',
    'PUT /topics/t?metaoverride=true',
    ({ topic }) => topic.setAttributes({ loggingEnabled: true }),
  ],
  [
    'Subscribe',
    'topic "t"',
    'PUT /topics/t/subscriptions/s',
    ({ topic }) => topic.subscribe('s', { endpoint }),
  ],
  [
    'Unsubscribe',
    'topic "t"',
    'DELETE /topics/t/subscriptions/s',
    ({ topic }) => topic.unsubscribe('s'),
  ],
  [
    'ListSubscriptionByTopic',
    'topic "t"',
    'GET /topics/t/subscriptions',
    ({ topic }) => topic.subscriptions(),
  ],
  [
    'GetSubscriptionAttributes',
    'topic "t"',
    'GET /topics/t/subscriptions/s',
    ({ topic }) => topic.subscription('s'),
  ],
  [
    'SetSubscriptionAttributes',
    'topic "t"',
    'PUT /topics/t/subscriptions/s?metaoverride=true',
    ({ topic }) => topic.setSubscription('s', 'BACKOFF_RETRY'),
  ],
];

const refusing = (code: string, headers = {}) =>
  reply(
    403,
    { 'content-type': 'text/xml', ...headers },
    `<Error><Code>${code}</Code><Message>No.</Message><RequestId>R</RequestId><HostId>h</HostId></Error>`,
  );

describe.each(OPERATIONS)('%s on %s, asked as %s', (name, target, request, call) => {
  it('is named by a refusal, with the permission that it needs', async () => {
    let asked = '';
    const url = await oddServer((incoming, response) => {
      asked = `${incoming.method} ${incoming.url}`;
      refusing('AccessDenied')(incoming, response);
    });
    const single = name.replace('Batch', '');
    const actions = single === name ? `mns:${name}` : `mns:${single} and mns:${name}`;
    const path = request.replace(/^\w+ /, '').replace(/\?.*/, '');
    await expect(call(on(url))).rejects.toMatchObject({
      message: expect.stringMatching(
        `^${name} on ${target} failed with 403 AccessDenied "No": grant `,
      ),
      remedy: `grant ${actions} on acs:mns:${REGION}:${ACCOUNT}:${path} to the caller, such as the function's role`,
    });
    expect(asked).toBe(request);
  });

  it.each([202, 203, 206, 299])('does not accept %i as its answer', async (status) => {
    const url = await oddServer(reply(status, { 'content-type': 'text/xml' }, ''));
    await expect(call(on(url))).rejects.toMatchObject({ code: 'UnexpectedAnswer', status });
  });
});

it.each([
  ['InvalidAccessKeyId', /^check the credential's id/],
  ['SignatureDoesNotMatch', /^check the credential's id/],
  ['TimeExpired', /^set the clock/],
  ['QueueNotExist', /QUEUE_NAME/],
  ['TopicNotExist', /TOPIC_NAME/],
  ['SubscriptionNotExist', /subscription's name/],
  ['QueueAlreadyExist', /other attributes: set them/],
  ['TopicAlreadyExist', /other attributes: set them/],
  ['SubscriptionAlreadyExist', /unsubscribe first/],
  ['MessageNotExist', /the lease has ended/],
  ['ReceiptHandleError', /whole and not encoded/],
  ['QpsLimitExceeded', /send less/],
  ['SomethingElse', undefined],
])('says what to do about %s', async (code, remedy) => {
  const url = await oddServer(refusing(code, { 'x-mns-request-id': 'A1' }));
  const error = await on(url)
    .queue.delete('h')
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    service: 'smq',
    code,
    status: 403,
    requestId: 'A1',
    retryable: code === 'QpsLimitExceeded',
    remedy: remedy === undefined ? undefined : expect.stringMatching(remedy),
    message: expect.stringMatching(
      `^DeleteMessage on queue "q" failed with 403 ${code} "No" \\(request A1\\)`,
    ),
  });
});

it('gives each message of a batch delete its own error, with a code of the wrapper if SMQ gives none', async () => {
  const errors =
    '<Error><ReceiptHandle>b</ReceiptHandle></Error><Error><ErrorCode>MessageNotExist</ErrorCode><ErrorMessage>Gone.</ErrorMessage><ReceiptHandle>c</ReceiptHandle></Error>';
  const url = await oddServer(
    reply(404, { 'content-type': 'text/xml' }, `<Errors xmlns="x">${errors}</Errors>`),
  );
  const results = await on(url).queue.deleteBatch(['a', 'b', 'c']);
  expect(results).toMatchObject([
    { ok: true },
    { ok: false, error: { code: 'UnexpectedAnswer', status: 404 } },
    {
      ok: false,
      error: {
        code: 'MessageNotExist',
        message: expect.stringMatching(/404 MessageNotExist "Gone": the lease/),
      },
    },
  ]);
});

it.each<[string, RequestListener | undefined, string]>([
  ['no connection', undefined, ', ECONNREFUSED'],
  ['no content', reply(500, {}, ''), " with 500, answer is not SMQ's (no content type)"],
  [
    'a page',
    reply(502, { 'content-type': 'text/html', 'x-mns-request-id': 'A1' }, '<html/>'),
    " with 502 (request A1), answer is not SMQ's (text/html)",
  ],
  [
    'broken XML',
    reply(201, { 'content-type': 'text/xml' }, '<Message><Mess'),
    ' with 201, answer could not be read (text/xml)',
  ],
  [
    'half an answer',
    reply(201, { 'content-type': 'text/xml' }, '<Message><MessageId>A</MessageId></Message>'),
    ' with 201, answer has no MessageBodyMD5',
  ],
  [
    'another root',
    reply(201, { 'content-type': 'application/xml' }, '<Messages/>'),
    ' with 201, answer could not be read (application/xml)',
  ],
])('reports of %s what was seen, and no more', async (_, answer, text) => {
  const url = answer ? await oddServer(answer) : 'http://127.0.0.1:1';
  await expect(on(url).queue.send('x')).rejects.toMatchObject({
    message: `SendMessage on queue "q" failed${text}: try again later, and check SMQ_ENDPOINT, NETWORK and the region if it stays`,
  });
});
