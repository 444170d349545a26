import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '#src/identities/types';
import {
  ACCOUNT,
  accessKey,
  authorityOf,
  errorOf,
  message,
  send,
  textOf,
  withQueue,
} from './helpers.ts';

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
    ['POST', '/queues/q/messages', '<Messages/>', 'BatchSendMessage', '/queues/q/messages'],
    ['GET', '/queues/q/messages', '', 'ReceiveMessage', '/queues/q/messages'],
    ['GET', '/queues/q/messages?numOfMessages=2', '', 'BatchReceiveMessage', '/queues/q/messages'],
    ['GET', '/queues/q/messages?peekonly=true', '', 'PeekMessage', '/queues/q/messages'],
    ['DELETE', '/queues/q/messages?ReceiptHandle=x', '', 'DeleteMessage', '/queues/q/messages'],
    [
      'DELETE',
      '/queues/q/messages',
      '<ReceiptHandles/>',
      'BatchDeleteMessage',
      '/queues/q/messages',
    ],
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

  it.each([
    ['POST', '/queues/q/messages', '<Messages/>', 'SendMessage'],
    ['GET', '/queues/q/messages?numOfMessages=2', '', 'ReceiveMessage'],
    ['GET', '/queues/q/messages?peekonly=true&numOfMessages=2', '', 'PeekMessage'],
    ['DELETE', '/queues/q/messages', '<ReceiptHandles/>', 'DeleteMessage'],
  ])(
    'asks for the single action of a batch too: %s %s %s',
    async (method, target, body, action) => {
      const requests: AccessRequest[] = [];
      const authority = authorityOf([accessKey()], (request) => {
        requests.push(request);
        return request.action === `mns:Batch${action}`
          ? { allowed: true }
          : { allowed: false, reason: 'No statement allows it.' };
      });
      const smq = await withQueue({ authority });
      expect(errorOf(await send(smq, method, target, { body }))).toBe('403 AccessDenied');
      expect(requests.map((request) => request.action)).toEqual([
        `mns:Batch${action}`,
        `mns:${action}`,
      ]);
    },
  );
});
