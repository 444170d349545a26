import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { signV2 } from '#src/smq/signature';
import { until } from '#src/testing/until';
import { errorOf, message, NAMESPACE, send, smqServer, textOf, withQueue } from './helpers.ts';

describe('the form of answers', () => {
  it("has the service's headers", async () => {
    const smq = await withQueue();
    const { headers } = await send(smq, 'GET', '/queues/q');
    expect(headers).toMatchObject({
      server: 'AliyunMQS',
      'content-type': 'text/xml;charset=utf-8',
      'x-mns-version': '2015-06-06',
      date: new Date(smq.clock.now()).toUTCString(),
    });
    expect(headers['x-mns-request-id']).toMatch(/^[0-9A-F]{24}$/);
  });

  it('of an error has exactly four elements, the host with its scheme', async () => {
    const smq = await withQueue();
    const { status, headers, text } = await send(smq, 'GET', '/queues/q/messages');
    expect(status).toBe(404);
    expect(text).toBe(
      `<?xml version="1.0" ?>\n<Error ${NAMESPACE}>\n  <Code>MessageNotExist</Code>\n  <Message>Message not exist.</Message>\n  <RequestId>${headers['x-mns-request-id']}</RequestId>\n  <HostId>${smq.url}</HostId>\n</Error>\n`,
    );
  });

  it("of a received message has its elements in the service's order", async () => {
    const smq = await withQueue();
    const property = (name: string, element: string) =>
      `<${name}><${element}><Name>n</Name><Value>v</Value><Type>STRING</Type></${element}></${name}>`;
    await send(smq, 'POST', '/queues/q/messages', {
      body: message(
        'x',
        property('UserProperties', 'PropertyValue') +
          property('SystemProperties', 'SystemPropertyValue'),
      ),
    });
    const { text } = await send(smq, 'GET', '/queues/q/messages?numOfMessages=16');
    expect([...text.matchAll(/<([A-Z]\w*)/g)].map(([, name]) => name)).toEqual([
      'Messages',
      'Message',
      'MessageId',
      'MessageBodyMD5',
      'MessageBody',
      'ReceiptHandle',
      'EnqueueTime',
      'FirstDequeueTime',
      'NextVisibleTime',
      'DequeueCount',
      'Priority',
      'SystemProperties',
      'SystemPropertyValue',
      'Name',
      'Value',
      'Type',
      'UserProperties',
      'PropertyValue',
      'Name',
      'Value',
      'Type',
    ]);
  });

  it('of a peek has neither handle nor next visible time', async () => {
    const smq = await withQueue();
    await smq.service.send('q', { body: 'x' });
    const { text } = await send(smq, 'GET', '/queues/q/messages?peekonly=true');
    expect([...text.matchAll(/<([A-Z]\w*)/g)].map(([, name]) => name)).toEqual([
      'Message',
      'MessageId',
      'MessageBodyMD5',
      'MessageBody',
      'EnqueueTime',
      'FirstDequeueTime',
      'DequeueCount',
      'Priority',
    ]);
    expect(textOf(text, 'FirstDequeueTime')).toBe(textOf(text, 'EnqueueTime'));
  });

  it("of queue attributes has its elements in the service's order, times in seconds", async () => {
    const smq = await withQueue();
    const { text } = await send(smq, 'GET', '/queues/q');
    expect([...text.matchAll(/^ {2}<(\w+)/gm)].map(([, name]) => name)).toEqual([
      'QueueName',
      'DelaySeconds',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'VisibilityTimeout',
      'CreateTime',
      'LastModifyTime',
      'PollingWaitSeconds',
      'ActiveMessages',
      'InactiveMessages',
      'DelayMessages',
      'LoggingEnabled',
    ]);
    expect(textOf(text, 'CreateTime')).toBe(String(Math.floor(smq.clock.now() / 1000)));
  });

  it('of an idempotent create is 204 with the location and no body', async () => {
    const smq = await withQueue();
    const { status, headers, text } = await send(smq, 'PUT', '/queues/q', { body: '<Queue/>' });
    expect([status, headers.location, text]).toEqual([204, `${smq.url}/queues/q`, '']);
  });
});

describe('requests as SDKs send them', () => {
  it.each(['xmlns="http://mns.aliyuncs.com/doc/v1/"', NAMESPACE, ''])(
    'may have the namespace as %j',
    async (namespace) => {
      const smq = await withQueue();
      const body = `<Message ${namespace}><MessageBody>x</MessageBody></Message>`;
      expect((await send(smq, 'POST', '/queues/q/messages', { body })).status).toBe(201);
    },
  );

  it.each(['text/xml', 'text/xml;charset=UTF-8', 'application/xml'])(
    'may have content type %s, with either signature',
    async (type) => {
      const smq = await withQueue();
      for (const version of [2, 4] as const) {
        const options = { body: message('x'), headers: { 'content-type': type }, version };
        expect((await send(smq, 'POST', '/queues/q/messages', options)).status).toBe(201);
      }
    },
  );

  it('may write query names in any case and handles encoded or not', async () => {
    const smq = await withQueue();
    for (const [name, encode] of [
      ['ReceiptHandle', encodeURIComponent],
      ['receipthandle', String],
    ] as const) {
      await smq.service.send('q', { body: 'x' });
      const [received] = await smq.service.receive('q');
      const handle = encode(received?.receiptHandle ?? '');
      const target = `/queues/q/messages?${name}=${handle}`;
      expect((await send(smq, 'DELETE', target, { version: 4 })).status).toBe(204);
    }
  });

  it('carry any text there and back', async () => {
    const smq = await withQueue();
    const text = ' \t\n\r\n <b>&amp;</b> ]]> "\' \u{1F600} \u0085\u2028 007 ';
    const escaped = text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('\r', '&#13;');
    const sent = await send(smq, 'POST', '/queues/q/messages', { body: message(escaped) });
    expect(textOf(sent.text, 'MessageBodyMD5')).toBe(
      createHash('md5').update(text).digest('hex').toUpperCase(),
    );
    const received = await send(smq, 'GET', '/queues/q/messages');
    expect(textOf(received.text, 'MessageBody')).toBe(escaped);
    expect(smq.service.inspect('q')[0]?.body).toBe(text);
  });
});

describe('lists', () => {
  it('come in pages, the last without a marker', async () => {
    const smq = await smqServer();
    for (const name of ['a2', 'b1', 'a3', 'a1']) await smq.service.createQueue(name);
    const page = async (headers: Record<string, string>) => {
      const { text } = await send(smq, 'GET', '/queues', { headers });
      return [
        [...text.matchAll(/<QueueName>(\w+)/g)].map(([, name]) => name),
        textOf(text, 'NextMarker'),
      ];
    };
    const [first, marker] = await page({ 'x-mns-prefix': 'a', 'x-mns-ret-number': '2' });
    expect(first).toEqual(['a1', 'a2']);
    expect(
      await page({ 'x-mns-prefix': 'a', 'x-mns-ret-number': '2', 'x-mns-marker': String(marker) }),
    ).toEqual([['a3'], undefined]);
    expect((await page({}))[0]).toHaveLength(4);
    const meta = await send(smq, 'GET', '/queues', { headers: { 'x-mns-with-meta': 'true' } });
    expect(meta.text).toContain('<ActiveMessages>0</ActiveMessages>');
    expect(
      errorOf(await send(smq, 'GET', '/queues', { headers: { 'x-mns-ret-number': '1001' } })),
    ).toBe('400 InvalidArgument');
  });
});

describe('batches', () => {
  it('that fail in part say which, with 500, and send the rest', async () => {
    const smq = await withQueue();
    const body = `<Messages ${NAMESPACE}>${message('a')}${message('b', '<Priority>17</Priority>')}${message('c')}</Messages>`;
    const { status, text } = await send(smq, 'POST', '/queues/q/messages', { body });
    expect(status).toBe(500);
    expect([...text.matchAll(/<(MessageId|ErrorCode)>/g)].map(([, name]) => name)).toEqual([
      'MessageId',
      'ErrorCode',
      'MessageId',
    ]);
    expect(smq.service.inspect('q').map((one) => one.body)).toEqual(['a', 'c']);
  });

  it('have 1 to 16 messages and 64 KB at most', async () => {
    const smq = await withQueue();
    const batch = (...bodies: string[]) =>
      send(smq, 'POST', '/queues/q/messages', {
        body: `<Messages>${bodies.map((body) => message(body)).join('')}</Messages>`,
      });
    expect(errorOf(await batch())).toBe('400 InvalidArgument');
    expect(errorOf(await batch(...Array<string>(17).fill('x')))).toBe('400 InvalidArgument');
    expect(errorOf(await batch('x'.repeat(40_000), 'x'.repeat(30_000)))).toBe(
      '400 InvalidArgument',
    );
    expect(smq.service.inspect('q')).toEqual([]);
    expect((await batch(...Array<string>(16).fill('x'))).status).toBe(201);
  });

  it('of deletes fail in part with 404, naming handle and reason', async () => {
    const smq = await withQueue();
    await smq.service.send('q', { body: 'x' });
    const [received] = await smq.service.receive('q');
    const body = `<ReceiptHandles><ReceiptHandle>${received?.receiptHandle}</ReceiptHandle><ReceiptHandle>bad</ReceiptHandle></ReceiptHandles>`;
    const { status, text } = await send(smq, 'DELETE', '/queues/q/messages', { body });
    expect(status).toBe(404);
    expect(text).toContain('<Errors ');
    expect([...text.matchAll(/<ErrorCode>(\w+)/g)].map(([, code]) => code)).toEqual([
      'ReceiptHandleError',
    ]);
    expect(textOf(text, 'ReceiptHandle')).toBe('bad');
    expect(smq.service.inspect('q')).toEqual([]);
  });
});

it('leaves a message to the next receiver when the one that waited has hung up', async () => {
  const smq = await withQueue();
  const target = '/queues/q/messages?waitseconds=29';
  const date = new Date(smq.clock.now()).toUTCString();
  const headers = { date, 'x-mns-version': '2015-06-06' };
  const signature = signV2('test-secret', { method: 'GET', target, headers }, date);
  const socket = connect(smq.port, '127.0.0.1');
  socket.write(
    `GET ${target} HTTP/1.1\r\nHost: x\r\nDate: ${date}\r\nx-mns-version: 2015-06-06\r\nAuthorization: MNS test-id:${signature}\r\n\r\n`,
  );
  await until(() => smq.clock.pending === 1);
  const waiting = send(smq, 'GET', '/queues/q/messages?waitseconds=30');
  await until(() => smq.clock.pending === 2);
  socket.destroy();
  await until(() => smq.clock.pending === 1);
  await smq.service.send('q', { body: 'x' });
  expect(textOf((await waiting).text, 'MessageBody')).toBe('x');
});

it('ends a long poll with MessageNotExist at its time', async () => {
  const smq = await withQueue();
  const waiting = send(smq, 'GET', '/queues/q/messages?waitseconds=30');
  await until(() => smq.clock.pending === 1);
  await smq.clock.advance(30_000);
  expect(errorOf(await waiting)).toBe('404 MessageNotExist');
});

it('answers and sets account attributes', async () => {
  const smq = await smqServer();
  const body = '<Account><LoggingBucket>logs</LoggingBucket></Account>';
  expect((await send(smq, 'PUT', '/?accountmeta=true', { body })).status).toBe(204);
  const { text } = await send(smq, 'GET', '/?accountmeta=true');
  expect(textOf(text, 'LoggingBucket')).toBe('logs');
});

it('keeps its state in a folder when given one', async () => {
  const data = await mkdtemp(join(tmpdir(), 'smq-'));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const first = await smqServer({ data });
  await send(first, 'PUT', '/queues/q', { body: '<Queue/>' });
  await send(first, 'POST', '/queues/q/messages', { body: message('kept') });
  await first.close();
  const second = await smqServer({ data });
  expect(second.service.inspect('q').map(({ body }) => body)).toEqual(['kept']);
});

it('says which port is taken and which folder cannot be used', async () => {
  const { port } = await smqServer();
  await expect(smqServer({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
  await expect(smqServer({ data: '/dev/null/smq' })).rejects.toThrow(
    'Cannot open the data in "/dev/null/smq"',
  );
});
