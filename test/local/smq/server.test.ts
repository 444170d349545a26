import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccessRequest } from '#local/identities/types';
import { signV2 } from '#local/smq/signature';
import {
  ACCOUNT,
  accessKey,
  authorityOf,
  errorOf,
  NAMESPACE,
  type Smq,
  seededRandom,
  send,
  smqServer,
  textOf,
  until,
} from './helpers.ts';

async function withQueue(options: Parameters<typeof smqServer>[0] = {}): Promise<Smq> {
  const smq = await smqServer(options);
  await smq.service.createQueue('q');
  return smq;
}

const message = (body: string, more = '') =>
  `<Message ${NAMESPACE}><MessageBody>${body}</MessageBody>${more}</Message>`;

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
    const property = (name: string) =>
      `<${name}><PropertyValue><Name>n</Name><Value>v</Value><Type>STRING</Type></PropertyValue></${name}>`;
    await send(smq, 'POST', '/queues/q/messages', {
      body: message('x', property('UserProperties') + property('SystemProperties')),
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
      'PropertyValue',
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

describe('authentication', () => {
  const cases: [string, string, Parameters<typeof send>[3]][] = [
    [
      'no Authorization',
      '400 MissingAuthorizationHeader',
      { tamper: (headers) => delete headers.authorization },
    ],
    [
      'an Authorization of another form',
      '400 InvalidAuthorizationHeader',
      { tamper: (headers) => Object.assign(headers, { authorization: 'Basic x' }) },
    ],
    ['no date', '400 MissingDateHeader', { tamper: (headers) => delete headers.date }],
    ['a date that is none', '400 InvalidDateHeader', { headers: { date: 'yesterday' } }],
    [
      'an old date',
      '408 TimeExpired',
      { headers: { date: new Date(Date.now() - 16 * 60_000).toUTCString() } },
    ],
    [
      'a date to come',
      '408 TimeExpired',
      { headers: { date: new Date(Date.now() + 16 * 60_000).toUTCString() } },
    ],
    [
      'an unknown key',
      '403 InvalidAccessKeyId',
      { key: { accessKeyId: 'who', accessKeySecret: 'x' } },
    ],
    ['a wrong secret', '403 SignatureDoesNotMatch', { key: accessKey({ accessKeySecret: 'X' }) }],
    [
      'a wrong secret, V4',
      '403 SignatureDoesNotMatch',
      { key: accessKey({ accessKeySecret: 'X' }), version: 4 },
    ],
    [
      'a header changed after signing',
      '403 SignatureDoesNotMatch',
      { tamper: (headers) => Object.assign(headers, { 'x-mns-prefix': 'a' }) },
    ],
    [
      'a token with a key that has none',
      '403 AccessDenied',
      { key: accessKey({ securityToken: 't' }) },
    ],
  ];
  it.each(cases)('refuses %s with %s', async (_what, wanted, options) => {
    const smq = await withQueue();
    expect(errorOf(await send(smq, 'GET', '/queues/q', options))).toBe(wanted);
  });

  it('takes x-mns-date where there is no Date', async () => {
    const smq = await withQueue();
    const date = new Date(smq.clock.now()).toUTCString();
    const headers = { 'x-mns-date': date };
    const tamper = (sent: Record<string, string>): void => void delete sent.date;
    const { status } = await send(smq, 'GET', '/queues/q', { headers, tamper });
    expect(status).toBe(200);
  });

  it.each([2, 4] as const)('checks the token of a temporary key, V%i', async (version) => {
    const temporary = accessKey({
      accessKeyId: 'STS.x',
      securityToken: 'right',
      expiration: Date.now() + 60_000,
    });
    const smq = await withQueue({ authority: authorityOf([temporary]) });
    const { securityToken: _, ...without } = temporary;
    const get = (key: typeof temporary) => send(smq, 'GET', '/queues/q', { key, version });
    expect((await get(temporary)).status).toBe(200);
    expect(errorOf(await get(without))).toBe('403 InvalidAccessKeyId');
    expect(errorOf(await get({ ...temporary, securityToken: 'other' }))).toBe('403 AccessDenied');
    await smq.clock.advance(120_000);
    const expired = await get(temporary);
    expect(errorOf(expired)).toBe('403 AccessDenied');
    expect(textOf(expired.text, 'Message')).toContain('expired');
  });
});

describe('authorisation', () => {
  const asked: [string, string, string, string, string][] = [
    ['GET', '/queues', '', 'ListQueue', '/queues'],
    ['PUT', '/queues/q', '<Queue/>', 'CreateQueue', '/queues/q'],
    ['PUT', '/queues/q?metaoverride=true', '<Queue/>', 'SetQueueAttributes', '/queues/q'],
    ['GET', '/queues/q', '', 'GetQueueAttributes', '/queues/q'],
    ['DELETE', '/queues/q', '', 'DeleteQueue', '/queues/q'],
    ['POST', '/queues/q/messages', message('x'), 'SendMessage', '/queues/q/messages'],
    ['POST', '/queues/q/messages', '<Messages/>', 'SendMessage', '/queues/q/messages'],
    ['GET', '/queues/q/messages', '', 'ReceiveMessage', '/queues/q/messages'],
    ['GET', '/queues/q/messages?numOfMessages=2', '', 'ReceiveMessage', '/queues/q/messages'],
    ['GET', '/queues/q/messages?peekonly=true', '', 'PeekMessage', '/queues/q/messages'],
    ['DELETE', '/queues/q/messages?ReceiptHandle=x', '', 'DeleteMessage', '/queues/q/messages'],
    ['DELETE', '/queues/q/messages', '<ReceiptHandles/>', 'DeleteMessage', '/queues/q/messages'],
    [
      'PUT',
      '/queues/q/messages?receiptHandle=x&visibilityTimeout=1',
      '',
      'ChangeMessageVisibility',
      '/queues/q/messages',
    ],
    ['GET', '/topics', '', 'ListTopic', '/topics'],
    ['PUT', '/topics/t', '<Topic/>', 'CreateTopic', '/topics/t'],
    ['POST', '/topics/t/messages', message('x'), 'PublishMessage', '/topics/t/messages'],
    [
      'PUT',
      '/topics/t/subscriptions/s',
      '<Subscription/>',
      'Subscribe',
      '/topics/t/subscriptions/s',
    ],
    ['DELETE', '/topics/t/subscriptions/s', '', 'Unsubscribe', '/topics/t/subscriptions/s'],
    ['GET', '/topics/t/subscriptions', '', 'ListSubscriptionByTopic', '/topics/t/subscriptions'],
    ['GET', '/?accountmeta=true', '', 'GetAccountAttributes', '/'],
  ];
  it.each(asked)(
    'asks for %s %s %s: mns:%s on %s, and refuses what is denied',
    async (method, target, body, action, resource) => {
      const requests: AccessRequest[] = [];
      const authority = authorityOf([accessKey()], (request) => {
        requests.push(request);
        return { allowed: false, reason: 'No statement allows it.' };
      });
      const smq = await withQueue({ authority });
      const answer = await send(smq, method, target, { body });
      expect(errorOf(answer)).toBe('403 AccessDenied');
      expect(textOf(answer.text, 'Message')).toContain('No statement allows it.');
      expect(requests).toMatchObject([
        {
          action: `mns:${action}`,
          resource: `acs:mns:cn-hangzhou:${ACCOUNT}:${resource}`,
          sourceIp: '127.0.0.1',
          secureTransport: false,
        },
      ]);
      expect(smq.service.listQueues().items).toHaveLength(1);
    },
  );
});

describe('bad input', () => {
  const bad: [string, string, string, string][] = [
    ['GET', '/', '', '400 InvalidRequestURL'],
    ['GET', '/nothing', '', '400 InvalidRequestURL'],
    ['GET', '//queues', '', '400 InvalidRequestURL'],
    ['GET', '/queues/', '', '400 InvalidRequestURL'],
    ['GET', '/queues/q/other', '', '400 InvalidRequestURL'],
    ['GET', '/queues/q/messages/1', '', '400 InvalidRequestURL'],
    ['GET', '/queues/%E0%A4%A', '', '400 InvalidRequestURL'],
    ['GET', '/topics/t/subscriptions/s/x', '', '400 InvalidRequestURL'],
    ['POST', '/queues/q', '', '501 NotImplemented'],
    ['PATCH', '/queues/q', '', '501 NotImplemented'],
    ['DELETE', '/queues', '', '501 NotImplemented'],
    ['GET', '/topics/t/messages', '', '501 NotImplemented'],
    ['PUT', '/queues/1q', '<Queue/>', '400 InvalidQueueName'],
    ['PUT', '/queues/a_b', '<Queue/>', '400 InvalidQueueName'],
    ['PUT', '/queues/%3Cb%3E', '<Queue/>', '400 InvalidQueueName'],
    ['PUT', `/queues/${'a'.repeat(121)}`, '<Queue/>', '400 QueueNameLengthError'],
    ['PUT', '/topics/-t', '<Topic/>', '400 TopicNameInvalid'],
    ['PUT', `/topics/${'a'.repeat(256)}`, '<Topic/>', '400 TopicNameLengthError'],
    ['GET', '/queues/none', '', '404 QueueNotExist'],
    ['PUT', '/queues/none?metaoverride=true', '<Queue/>', '404 QueueNotExist'],
    ['POST', '/queues/none/messages', message('x'), '404 QueueNotExist'],
    [
      'DELETE',
      '/queues/none/messages',
      '<ReceiptHandles><ReceiptHandle>x</ReceiptHandle></ReceiptHandles>',
      '404 QueueNotExist',
    ],
    ['POST', '/topics/none/messages', message('x'), '404 TopicNotExist'],
    ['PUT', '/queues/new', '', '400 MalformedXML'],
    ['PUT', '/queues/new', '<Topic/>', '400 MalformedXML'],
    ['PUT', '/queues/new', '<Queue>x</Queue>', '400 MalformedXML'],
    [
      'PUT',
      '/queues/new',
      '<Queue><DelaySeconds>1</DelaySeconds><DelaySeconds>1</DelaySeconds></Queue>',
      '400 MalformedXML',
    ],
    ...['-1', '604801', '1.5', '', 'x', '1e3', '0x10', '9'.repeat(40)].map(
      (value): [string, string, string, string] => [
        'PUT',
        '/queues/new',
        `<Queue><DelaySeconds>${value}</DelaySeconds></Queue>`,
        '400 InvalidArgument',
      ],
    ),
    [
      'PUT',
      '/queues/new',
      '<Queue><VisibilityTimeout>0</VisibilityTimeout></Queue>',
      '400 InvalidArgument',
    ],
    [
      'PUT',
      '/queues/new',
      '<Queue><MaximumMessageSize>1023</MaximumMessageSize></Queue>',
      '400 InvalidArgument',
    ],
    [
      'PUT',
      '/queues/new',
      '<Queue><LoggingEnabled>maybe</LoggingEnabled></Queue>',
      '400 InvalidArgument',
    ],
    ['PUT', '/queues/q?metaoverride=maybe', '<Queue/>', '400 InvalidQueryString'],
    ['GET', '/queues/q?unknown=1', '', '400 InvalidQueryString'],
    ['GET', '/queues/q/messages?waitseconds=1&WaitSeconds=2', '', '400 InvalidQueryString'],
    ['GET', '/queues/q/messages?waitseconds=%E0%A4%A', '', '400 InvalidQueryString'],
    ['GET', '/queues/q/messages?waitseconds=31', '', '400 InvalidArgument'],
    ['GET', '/queues/q/messages?waitseconds=-1', '', '400 InvalidArgument'],
    ['GET', '/queues/q/messages?numOfMessages=0', '', '400 InvalidArgument'],
    ['GET', '/queues/q/messages?numOfMessages=17', '', '400 InvalidArgument'],
    ['GET', '/queues/q/messages?numOfMessages=', '', '400 InvalidArgument'],
    ['DELETE', '/queues/q/messages', '', '400 MissingReceiptHandle'],
    ['DELETE', '/queues/q/messages?ReceiptHandle=', '', '400 MissingReceiptHandle'],
    ['DELETE', '/queues/q/messages?ReceiptHandle=bad', '', '400 ReceiptHandleError'],
    ['PUT', '/queues/q/messages?visibilityTimeout=1', '', '400 MissingReceiptHandle'],
    ['PUT', '/queues/q/messages?receiptHandle=x', '', '400 MissingVisibilityTimeout'],
    [
      'PUT',
      '/queues/q/messages?receiptHandle=x&visibilityTimeout=43201',
      '',
      '400 InvalidArgument',
    ],
    ['POST', '/queues/q/messages', '<Message/>', '400 MalformedXML'],
    ['POST', '/queues/q/messages', message(''), '400 InvalidArgument'],
    ['POST', '/queues/q/messages', message('<b>x</b>'), '400 MalformedXML'],
    ['POST', '/queues/q/messages', message('1 & 2'), '400 MalformedXML'],
    ['POST', '/queues/q/messages', message('&#0;'), '400 MalformedXML'],
    ['POST', '/queues/q/messages', message('x', '<Priority>0</Priority>'), '400 InvalidArgument'],
    [
      'POST',
      '/queues/q/messages',
      message('x', '<Priority>undefined</Priority>'),
      '400 InvalidArgument',
    ],
    [
      'POST',
      '/queues/q/messages',
      message(
        'x',
        '<UserProperties><PropertyValue><Name>n</Name></PropertyValue></UserProperties>',
      ),
      '400 MalformedXML',
    ],
    [
      'POST',
      '/queues/q/messages',
      message(
        'x',
        '<UserProperties><PropertyValue><Name>n</Name><Value>v</Value><Type>DATE</Type></PropertyValue></UserProperties>',
      ),
      '400 InvalidArgument',
    ],
    [
      'POST',
      '/queues/q/messages',
      message(
        'x',
        `<UserProperties>${Array.from({ length: 51 }, (_, i) => `<PropertyValue><Name>${i}</Name><Value>v</Value></PropertyValue>`).join('')}</UserProperties>`,
      ),
      '400 InvalidArgument',
    ],
    ['POST', '/queues/q/messages', message('é'.repeat(32_769)), '400 InvalidArgument'],
  ];
  it.each(bad)('%s %s %s is %s', async (method, target, body, wanted) => {
    const smq = await withQueue();
    expect(errorOf(await send(smq, method, target, { body }))).toBe(wanted);
    expect(smq.service.listQueues().items.map(({ name }) => name)).toEqual(['q']);
    expect(smq.service.inspect('q')).toEqual([]);
  });

  it('takes a body of exactly 64 KB however it is escaped', async () => {
    const smq = await withQueue();
    const body = message('&quot;'.repeat(65_536));
    expect((await send(smq, 'POST', '/queues/q/messages', { body })).status).toBe(201);
  });

  it('refuses a body of 10 MB and goes on', async () => {
    const smq = await withQueue();
    const body = Buffer.alloc(10 * 1024 * 1024, 0x20);
    expect(errorOf(await send(smq, 'PUT', '/queues/new', { body }))).toBe('400 InvalidArgument');
    expect((await send(smq, 'GET', '/queues/q')).status).toBe(200);
  });

  it('checks Content-MD5 in both of its forms', async () => {
    const smq = await withQueue();
    const body = message('x');
    const digest = createHash('md5').update(body).digest();
    const post = (md5: string) =>
      send(smq, 'POST', '/queues/q/messages', { body, headers: { 'content-md5': md5 } });
    expect((await post(Buffer.from(digest.toString('hex')).toString('base64'))).status).toBe(201);
    expect((await post(digest.toString('base64'))).status).toBe(201);
    expect(errorOf(await post(Buffer.from('0'.repeat(32)).toString('base64')))).toBe(
      '400 InvalidDegist',
    );
    expect(errorOf(await post('?'))).toBe('400 InvalidDegist');
  });

  it('answers what is not HTTP', async () => {
    const smq = await withQueue();
    const socket = connect(smq.port, '127.0.0.1').end('nonsense\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('<Code>InvalidRequestURL</Code>');
  });

  it('answers random mutations of valid requests with an error or a real success, never a 500', async () => {
    const smq = await withQueue();
    const random = seededRandom(11);
    const mutate = (text: string, alphabet: string): string => {
      const chars = [...text];
      for (let edits = 0; edits <= random(3); edits++)
        chars.splice(random(chars.length), random(3), alphabet[random(alphabet.length)] ?? '');
      return chars.join('');
    };
    const valid: [string, string, string][] = [
      [
        'POST',
        '/queues/q/messages',
        message('x', '<Priority>8</Priority><DelaySeconds>1</DelaySeconds>'),
      ],
      ['GET', '/queues/q/messages?numOfMessages=16&peekonly=true', ''],
      [
        'PUT',
        '/queues/q?metaoverride=true',
        '<Queue><VisibilityTimeout>30</VisibilityTimeout></Queue>',
      ],
      ['DELETE', '/queues/q/messages?ReceiptHandle=AB', ''],
    ];
    for (let i = 0; i < 600; i++) {
      const [method, target, body] = valid[i % valid.length] ?? ['GET', '/', ''];
      const changed = mutate(target, 'aZ0/?&=%-_.~+');
      const { status, text } = await send(
        smq,
        method,
        changed.startsWith('/') ? changed : `/${changed}`,
        {
          body: body && mutate(body, '<>&;"/x0\u0001é'),
        },
      );
      expect([200, 201, 204, 400, 404, 409, 501]).toContain(status);
      if (status >= 400) expect(text).toMatch(/<Code>\w+<\/Code>/);
    }
  });
});

it('leaves a message to the next receiver when the one that waited has hung up', async () => {
  const smq = await withQueue();
  const target = '/queues/q/messages?waitseconds=29';
  const date = new Date(smq.clock.now()).toUTCString();
  const signature = signV2('test-secret', { method: 'GET', target, headers: { date } }, date);
  const socket = connect(smq.port, '127.0.0.1');
  socket.write(
    `GET ${target} HTTP/1.1\r\nHost: x\r\nDate: ${date}\r\nAuthorization: MNS test-id:${signature}\r\n\r\n`,
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
    'Cannot open the SMQ data in "/dev/null/smq"',
  );
});
