import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#test/seeded-random';
import { errorOf, message, send, withQueue } from './helpers.ts';

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
    ['PUT', '/queues/-q', '<Queue/>', '400 InvalidQueueName'],
    ['PUT', '/queues/a_b', '<Queue/>', '400 InvalidQueueName'],
    ['PUT', '/queues/%3Cb%3E', '<Queue/>', '400 InvalidQueueName'],
    ['PUT', `/queues/${'a'.repeat(121)}`, '<Queue/>', '400 QueueNameLengthError'],
    ['PUT', '/topics/-t', '<Topic/>', '400 TopicNameInvalid'],
    ['PUT', `/topics/${'a'.repeat(121)}`, '<Topic/>', '400 TopicNameLengthError'],
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

  it('answers bytes that are not HTTP', async () => {
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
