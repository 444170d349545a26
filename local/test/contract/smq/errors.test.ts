import { describe, expect, it } from 'vitest';
import { element, elements, isRemote, message, type RequestOptions, smqTarget } from './target.ts';

interface Case {
  wanted: string;
  method: string;
  /** `Q` and `T` are a queue and a topic that exist. */
  path: string;
  options?: RequestOptions;
}

const withHeaders = (change: Record<string, string>): RequestOptions => ({
  tamper: (headers) => Object.assign(headers, change),
});
const without = (name: string): RequestOptions => ({ tamper: (headers) => delete headers[name] });
const queueOf = (content: string): RequestOptions => ({ body: `<Queue>${content}</Queue>` });
const absentHandle = `${'A'.repeat(32)}-MSAxNzkwMjk5NzE4ODc3IDMwMDAwIDAgMCBxIDAgMXxhYmNkZWY=`;

const CASES: Case[] = [
  {
    wanted: '400 MissingAuthorizationHeader',
    method: 'GET',
    path: '/queues/Q',
    options: without('authorization'),
  },
  {
    wanted: '400 InvalidAuthorizationHeader',
    method: 'GET',
    path: '/queues/Q',
    options: withHeaders({ authorization: 'Basic x' }),
  },
  { wanted: '400 InvalidRequestURL', method: 'GET', path: '/nothing' },
  { wanted: '400 MissingDateHeader', method: 'GET', path: '/queues/Q', options: without('date') },
  {
    wanted: '400 InvalidDateHeader',
    method: 'GET',
    path: '/queues/Q',
    options: withHeaders({ date: 'yesterday' }),
  },
  {
    wanted: '408 TimeExpired',
    method: 'GET',
    path: '/queues/Q',
    options: { headers: { date: new Date(Date.now() - 20 * 60_000).toUTCString() } },
  },
  {
    wanted: '403 InvalidAccessKeyId',
    method: 'GET',
    path: '/queues/Q',
    options: withHeaders({ authorization: 'MNS nobody:AAAA' }),
  },
  {
    wanted: '403 SignatureDoesNotMatch',
    method: 'GET',
    path: '/queues/Q',
    options: withHeaders({ 'x-mns-prefix': 'changed' }),
  },
  {
    wanted: '400 InvalidDegist',
    method: 'PUT',
    path: '/queues/Q',
    options: {
      ...queueOf(''),
      headers: { 'content-md5': Buffer.from('0'.repeat(32)).toString('base64') },
    },
  },
  { wanted: '400 MalformedXML', method: 'PUT', path: '/queues/Q', options: { body: '<Queue>' } },
  {
    wanted: '400 InvalidArgument',
    method: 'PUT',
    path: '/queues/Q',
    options: queueOf('<DelaySeconds>604801</DelaySeconds>'),
  },
  {
    wanted: '400 InvalidQueueName',
    method: 'PUT',
    path: '/queues/-contract',
    options: queueOf(''),
  },
  {
    wanted: '400 QueueNameLengthError',
    method: 'PUT',
    path: `/queues/${'a'.repeat(257)}`,
    options: queueOf(''),
  },
  { wanted: '404 QueueNotExist', method: 'GET', path: '/queues/contract-none' },
  {
    wanted: '404 QueueNotExist',
    method: 'POST',
    path: '/queues/contract-none/messages',
    options: { body: message('x') },
  },
  { wanted: '400 InvalidQueryString', method: 'GET', path: '/queues/Q/messages?peekonly=maybe' },
  { wanted: '400 InvalidArgument', method: 'GET', path: '/queues/Q/messages?numOfMessages=17' },
  { wanted: '404 MessageNotExist', method: 'GET', path: '/queues/Q/messages?waitseconds=0' },
  { wanted: '404 MessageNotExist', method: 'GET', path: '/queues/Q/messages?peekonly=true' },
  {
    wanted: '400 MissingReceiptHandle',
    method: 'DELETE',
    path: '/queues/Q/messages?ReceiptHandle=',
  },
  {
    wanted: '400 ReceiptHandleError',
    method: 'DELETE',
    path: '/queues/Q/messages?ReceiptHandle=bad',
  },
  {
    wanted: '400 MissingVisibilityTimeout',
    method: 'PUT',
    path: `/queues/Q/messages?receiptHandle=${encodeURIComponent(absentHandle)}`,
  },
  {
    wanted: '400 TopicNameInvalid',
    method: 'PUT',
    path: '/topics/-contract',
    options: { body: '<Topic/>' },
  },
  {
    wanted: '400 TopicNameLengthError',
    method: 'PUT',
    path: `/topics/${'a'.repeat(257)}`,
    options: { body: '<Topic/>' },
  },
  { wanted: '404 TopicNotExist', method: 'GET', path: '/topics/contract-none' },
  {
    wanted: '404 TopicNotExist',
    method: 'POST',
    path: '/topics/contract-none/messages',
    options: { body: message('x') },
  },
  { wanted: '404 SubscriptionNotExist', method: 'GET', path: '/topics/T/subscriptions/none' },
  {
    wanted: '400 SubscriptionNameInvalid',
    method: 'PUT',
    path: '/topics/T/subscriptions/-s',
    options: { body: '<Subscription><Endpoint>http://127.0.0.1/</Endpoint></Subscription>' },
  },
  {
    wanted: '400 EndpointInvalid',
    method: 'PUT',
    path: '/topics/T/subscriptions/s',
    options: { body: '<Subscription><Endpoint>ftp://x</Endpoint></Subscription>' },
  },
];

describe('errors', () => {
  it.each(CASES)('$wanted for $method $path', async ({ wanted, method, path, options }) => {
    const smq = await smqTarget();
    const queue = path.startsWith('/queues/Q') ? await smq.queue() : '';
    const topic = path.startsWith('/topics/T') ? await smq.topic() : '';
    const target = path.replace('/Q', `/${queue}`).replace('/T', `/${topic}`);
    const { status, text, headers } = await smq.call(method, target, options);
    expect(`${status} ${element(text, 'Code')}`).toBe(wanted);
    expect(elements(text)).toEqual(['Error', 'Code', 'Message', 'RequestId', 'HostId']);
    expect(element(text, 'RequestId')).toBe(headers['x-mns-request-id']);
    expect(element(text, 'HostId')).toMatch(/^https?:\/\//);
  });

  it.skipIf(isRemote)('501 NotImplemented for what the local SMQ has not', async () => {
    const smq = await smqTarget();
    const { status, text } = await smq.call('POST', '/queues');
    expect([status, element(text, 'Code')]).toEqual([501, 'NotImplemented']);
  });
});
