import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { meetsOddAnswers, type Odd } from '#test/odd-answers';
import { breakOff, oddServer, reply, silentServer, staleServer } from '#test/odd-server';
import { clientOf } from './local-smq.ts';

afterEach(() => void vi.useRealTimers());

const XML = { 'content-type': 'text/xml;charset=utf-8', 'x-mns-request-id': 'A1B2C3' };
const OPERATIONS = {
  send: (url: string) => clientOf(url).queue('orders').send('x'),
  sendBatch: (url: string) =>
    clientOf(url)
      .queue('orders')
      .sendBatch([{ body: 'x' }]),
  receive: (url: string) => clientOf(url).queue('orders').receive({ waitSeconds: 0 }),
  peek: (url: string) => clientOf(url).queue('orders').peek(),
  delete: (url: string) => clientOf(url).queue('orders').delete('handle'),
  deleteBatch: (url: string) => clientOf(url).queue('orders').deleteBatch(['handle']),
  changeVisibility: (url: string) => clientOf(url).queue('orders').changeVisibility('handle', 5),
  attributes: (url: string) => clientOf(url).queue('orders').attributes(),
  publish: (url: string) => clientOf(url).topic('news').publish('x'),
  subscribe: (url: string) => clientOf(url).topic('news').subscribe('s', { endpoint: 'http://x' }),
  deleteTopic: (url: string) => clientOf(url).deleteTopic('news'),
  listQueues: (url: string) => clientOf(url).listQueues(),
};

const ODD: Record<string, Odd> = {
  'a page with status 200': {
    answer: [200, { 'content-type': 'text/html' }, '<html><body>Log in</body></html>'],
    expected: { code: 'UnexpectedAnswer', status: 200 },
  },
  'a page that calls itself XML': {
    answer: [502, { 'content-type': 'text/xml' }, '<html><body>Bad gateway</body></html>'],
    expected: { code: 'UnexpectedAnswer', status: 502, retryable: true },
  },
  'an empty 500': {
    answer: [500, { 'x-mns-request-id': 'A1B2C3' }, ''],
    expected: { code: 'UnexpectedAnswer', status: 500, requestId: 'A1B2C3', retryable: true },
  },
  'truncated XML': {
    answer: [200, XML, '<?xml version="1.0" ?>\n<Message xmlns="x"><MessageId>ABC</Mess'],
    expected: { code: 'UnexpectedAnswer', status: 200, requestId: 'A1B2C3' },
  },
  'an error without a request id': {
    answer: [404, XML, '<Error><Code>QueueNotExist</Code><Message>No.</Message></Error>'],
    expected: { code: 'UnexpectedAnswer', status: 404, requestId: 'A1B2C3' },
  },
  "the service's own 500": {
    answer: [
      500,
      XML,
      '<Error><Code>InternalError</Code><Message>Internal error.</Message><RequestId>A1B2C3</RequestId><HostId>http://h</HostId></Error>',
    ],
    expected: { code: 'InternalError', status: 500, requestId: 'A1B2C3', retryable: true },
  },
};

ODD['a 500 of a code that is not known'] = {
  answer: [
    500,
    XML,
    '<Error><Code>NeverSeen</Code><Message>Odd.</Message><RequestId>A1B2C3</RequestId><HostId>http://h</HostId></Error>',
  ],
  expected: { code: 'NeverSeen', status: 500, retryable: true },
};
ODD['a 499 of a code that is not known'] = {
  answer: [
    499,
    XML,
    '<Error><Code>NeverSeen</Code><Message>Odd.</Message><RequestId>A1B2C3</RequestId><HostId>http://h</HostId></Error>',
  ],
  expected: { code: 'NeverSeen', status: 499, retryable: false },
};

meetsOddAnswers('smq', OPERATIONS, ODD);

it.each([
  ['Refusal', 'No.', '<Error><Code>X</Code><Message>No.</Message><RequestId>R</RequestId></Error>'],
  ['UnreadableAnswer', 'answer is broken XML: it ends within an element', '<Message><A/>'],
  ['UnreadableAnswer', 'answer has another root element', '<Other><A/></Other>'],
  [
    'UnreadableAnswer',
    '<Error> has not what an error of SMQ has',
    '<Error><Code>X</Code><Message>No.</Message></Error>',
  ],
  ['UnexpectedAnswer', 'answer has no MessageId', '<Message xmlns="x"/>'],
])('an error has a cause by the name of %s: %s', async (name, message, body) => {
  const url = await oddServer(reply(201, XML, body));
  await expect(OPERATIONS.send(url)).rejects.toMatchObject({ cause: { name, message } });
});

it.each([
  [64 * 1024 * 1024, 'ConnectionFailed'],
  [64 * 1024 * 1024 + 1, 'UnexpectedAnswer'],
])('an answer that declares %i bytes and breaks off: %s', async (length, code) => {
  const url = await oddServer((_request, response) => {
    response.writeHead(200, { ...XML, 'content-length': length });
    response.write('<Messages');
    setImmediate(() => response.destroy());
  });
  await expect(OPERATIONS.receive(url)).rejects.toMatchObject({ code, status: 200 });
});

describe('answers that lack what they promise', () => {
  it('a send without a message id is no success', async () => {
    const url = await oddServer(reply(201, XML, '<Message xmlns="x"></Message>'));
    await expect(OPERATIONS.send(url)).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
      status: 201,
      message: expect.stringContaining('answer has no MessageId'),
    });
  });

  it('a batch with fewer results than messages is no success', async () => {
    const entry = '<Message><MessageId>A</MessageId><MessageBodyMD5>B</MessageBodyMD5></Message>';
    const url = await oddServer(reply(201, XML, `<Messages xmlns="x">${entry}</Messages>`));
    await expect(
      clientOf(url)
        .queue('orders')
        .sendBatch([{ body: 'a' }, { body: 'b' }]),
    ).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  });

  it('a batch delete that fails without saying for which message is no success', async () => {
    const error = '<Error><ErrorCode>MessageNotExist</ErrorCode></Error>';
    const url = await oddServer(reply(404, XML, `<Errors xmlns="x">${error}</Errors>`));
    await expect(clientOf(url).queue('orders').deleteBatch(['a', 'b'])).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
    });
  });
});

describe('connections', () => {
  it('a refused one is a ServiceError that may be retried', async () => {
    await expect(OPERATIONS.send('http://127.0.0.1:1')).rejects.toMatchObject({
      code: 'ConnectionFailed',
      status: undefined,
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('one reset before the answer is reported, and a send is not repeated on a new connection', async () => {
    let requests = 0;
    const url = await oddServer((request) => {
      requests++;
      request.socket.destroy();
    });
    await expect(OPERATIONS.send(url)).rejects.toMatchObject({
      code: 'ConnectionFailed',
      retryable: true,
    });
    expect(requests).toBe(1);
  });

  it('one cut off within the answer is reported with what was seen', async () => {
    const url = await oddServer(breakOff(200, XML));
    await expect(OPERATIONS.receive(url)).rejects.toMatchObject({
      code: 'ConnectionFailed',
      status: 200,
      retryable: true,
    });
  });

  const GOOD = {
    send: reply(
      201,
      XML,
      '<Message xmlns="x"><MessageId>A</MessageId><MessageBodyMD5>B</MessageBodyMD5></Message>',
    ),
    receive: reply(200, XML, '<Messages xmlns="x"></Messages>'),
    delete: reply(204, {}, ''),
    changeVisibility: reply(
      200,
      XML,
      '<ChangeVisibility xmlns="x"><ReceiptHandle>h</ReceiptHandle><NextVisibleTime>1</NextVisibleTime></ChangeVisibility>',
    ),
  } satisfies Record<string, RequestListener>;

  for (const name of ['send', 'receive', 'delete', 'changeVisibility'] as const) {
    it(`a kept one that went stale is silently replaced by ${name}`, async () => {
      const { url, outcomes } = await staleServer(GOOD[name]);
      await OPERATIONS[name](url);
      await OPERATIONS[name](url);
      expect(outcomes).toEqual(['answered', 'reset', 'answered']);
    });
  }

  it.each([
    ['the status line', 'HTTP/1.1 201 Created\r\n'],
    ['half a header', 'HTTP/1.1 201 Created\r\nx-mns-request'],
    ['the first byte', 'H'],
  ])('a message is not sent twice when a kept one is reset after %s', async (_, beginning) => {
    let requests = 0;
    const seen = new WeakSet<object>();
    const url = await oddServer((request, response) => {
      requests++;
      const { socket } = request;
      if (seen.has(socket)) return void socket.write(beginning, () => socket.destroy());
      seen.add(socket);
      GOOD.send(request, response);
    });
    const queue = clientOf(url).queue('orders');
    await queue.send('first');
    await expect(queue.send('second')).rejects.toMatchObject({
      code: 'ConnectionFailed',
      retryable: true,
    });
    expect(requests).toBe(2);
  });

  it('the other kept ones are closed with the stale one', async () => {
    const { url, outcomes } = await staleServer(GOOD.receive, { together: 2 });
    await Promise.all([OPERATIONS.receive(url), OPERATIONS.receive(url)]);
    await OPERATIONS.receive(url);
    expect(outcomes).toEqual(['answered', 'answered', 'reset', 'answered']);
  });

  it('no answer in time is a ServiceError', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { url, arrived } = await silentServer();
    const outcome = OPERATIONS.send(url).catch((error: unknown) => error);
    await arrived;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await outcome).toMatchObject({ code: 'RequestTimeout', retryable: true });
  });

  it.each([
    ['of 30 seconds', { waitSeconds: 30 }],
    ["that waits as the queue's settings say", {}],
  ])('a poll %s has 40 seconds to answer', async (_, options) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { url, arrived, answer } = await silentServer();
    const received = clientOf(url).queue('orders').receiveBatch(options);
    await arrived;
    await vi.advanceTimersByTimeAsync(39_000);
    answer(GOOD.receive);
    expect(await received).toEqual([]);
  });
});
