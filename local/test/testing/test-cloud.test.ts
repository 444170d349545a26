import { createServer } from 'node:http';
import { OssClient } from 'fc-kit/oss';
import {
  DrivenClock,
  functionContext,
  startTestCloud,
  type TestCloudOptions,
} from 'fc-local/testing';
import { expect, it, onTestFinished } from 'vitest';
import { writeProject } from './write-project.ts';

async function started(options: TestCloudOptions = {}) {
  const cloud = await startTestCloud(options);
  onTestFinished(() => cloud.close());
  return cloud;
}

const ECHO = `
exports.handler = async (event, context) => {
  console.log('got', String(event), process.env.WORD);
  return { event: String(event), word: process.env.WORD, role: Boolean(context.credentials) };
};`;

it('sends, looks at and deletes messages of a queue without receiving them', async () => {
  const cloud = await started();
  const queue = cloud.queue('orders');
  await queue.create({ visibilityTimeout: 60 });
  await queue.send('first', { delaySeconds: 10 });
  await queue.send('second');
  expect(queue.messages().map(({ body, state }) => [body, state])).toEqual([
    ['first', 'delayed'],
    ['second', 'active'],
  ]);
  expect(queue.bodies()).toEqual(['first', 'second']);
  await queue.delete();
  expect(() => queue.messages()).toThrow(expect.objectContaining({ code: 'QueueNotExist' }));
});

it('delivers a message published to a topic to a subscribed queue', async () => {
  const cloud = await started();
  await cloud.queue('orders').create();
  await cloud.topic('news').create();
  await cloud.topic('news').subscribe('to-orders', { queue: 'orders' });
  const { messageId } = await cloud.topic('news').publish('text');
  expect(messageId).toMatch(/^[0-9A-F]{32}$/);
  expect(cloud.queue('orders').bodies()).toEqual(['text']);
});

it('stores, reads, lists and deletes objects', async () => {
  const cloud = await started();
  const bucket = cloud.bucket('archive');
  await bucket.create();
  await bucket.put('orders/大.txt', 'text', { contentType: 'text/plain' });
  await bucket.put('other', Buffer.from([1, 2]));
  expect(bucket.keys()).toEqual(['orders/大.txt', 'other']);
  expect(await bucket.objects('orders/')).toEqual({ 'orders/大.txt': 'text' });
  expect(await bucket.object('orders/大.txt')).toMatchObject({
    contentType: 'text/plain',
    body: Buffer.from('text'),
    eTag: '1CB251EC0D568DE6A929B520C4AED8D1',
  });
  await bucket.delete('other');
  expect(bucket.keys()).toEqual(['orders/大.txt']);
  expect(bucket.uploads()).toEqual([]);
  await expect(bucket.object('other')).rejects.toMatchObject({ code: 'NoSuchKey' });
});

it('hands out credentials of a role, valid by its clock for as long as was asked', async () => {
  const clock = new DrivenClock();
  const cloud = await started({ clock });
  cloud.role('worker').allow('oss:GetObject');
  const { expiration, ...credentials } = cloud.role('worker').credentials(900);
  expect(credentials).toEqual({
    accessKeyId: expect.stringMatching(/^STS\./),
    accessKeySecret: expect.any(String),
    securityToken: expect.any(String),
  });
  const seconds = Math.floor(clock.now() / 1000) + 900;
  expect(Date.parse(expiration)).toBe(seconds * 1000);
});

it('chooses a fault for each request', async () => {
  const seen: string[] = [];
  const cloud = await started({
    faults: ({ service, method, path }) => {
      seen.push(`${service} ${method} ${path}`);
      return 'html';
    },
  });
  expect((await fetch(`${cloud.smq.url}/queues`)).status).toBe(502);
  expect(seen).toEqual(['smq GET /queues']);
});

it('runs a project’s function by invocation and by its timer, and shows invocations and lines', async () => {
  const cloud = await started({ project: writeProject(ECHO) });
  const echo = cloud.function('echo');
  expect(echo.env).toEqual({ WORD: 'tea' });
  const { body } = await echo.invoke('hello');
  expect(JSON.parse(String(body))).toEqual({ event: 'hello', word: 'tea', role: false });
  await echo.redeploy({ environmentVariables: { WORD: 'rice' } });
  expect(JSON.parse(String((await echo.fireTimer()).body))).toMatchObject({ word: 'rice' });
  expect(echo.invocations().map(({ event }) => String(event))[0]).toBe('hello');
  expect(echo.invocations()).toHaveLength(2);
  expect(echo.logs().some(({ text }) => text.includes('got hello tea'))).toBe(true);
  const answer = await fetch(echo.url, { method: 'POST', body: 'x' });
  expect(answer.status).toBe(200);
});

it('lends a function’s variables to this process until they are given back', async () => {
  const cloud = await started({ project: writeProject(ECHO), functions: false });
  const { context, env, restore } = cloud.function('echo').calledDirectly({ retryCount: 2 });
  expect(process.env).toMatchObject({ WORD: 'tea', SMQ_ENDPOINT: cloud.smq.url });
  expect(env).toMatchObject({ WORD: 'tea', LOG_LEVEL: 'silent' });
  expect(context).toMatchObject({
    retryCount: 2,
    region: cloud.region,
    accountId: cloud.accountId,
    credentials: undefined,
    function: { name: 'echo-function', memory: 256, timeout: 7 },
  });
  restore();
  expect(process.env.WORD).toBeUndefined();
});

it('lists the existing functions, and those left out', async () => {
  const cloud = await started({ project: writeProject(ECHO), functions: false });
  expect(() => cloud.function('ecco')).toThrow(/no function "ecco"; it has echo$/);
  expect(() => cloud.function('echo').url).toThrow(/without functions/);
  const bare = await started();
  expect(() => bare.function('echo')).toThrow(/it has none/);
});

it('closes by `await using`, and twice without harm', async () => {
  let url = '';
  {
    await using cloud = await startTestCloud();
    url = cloud.smq.url;
    await cloud.close();
  }
  const server = createServer();
  await new Promise<void>((resolve) =>
    server.listen(Number(new URL(url).port), '127.0.0.1', resolve),
  );
  server.close();
});

it('makes a whole context of what a test gives', () => {
  const context = functionContext({ requestId: 'r-1', region: 'cn-beijing' });
  expect(context).toMatchObject({
    requestId: 'r-1',
    region: 'cn-beijing',
    credentials: undefined,
    function: { memory: 512, timeout: 60 },
    retryCount: 0,
  });
  expect(() => context.logger.info('nothing')).not.toThrow();
});

it('reads what clients have stored, whatever the key', async () => {
  const cloud = await started();
  await cloud.bucket('archive').create();
  const { region, accessKey: credentials, environment: env } = cloud;
  const client = new OssClient({ bucket: 'archive', region, credentials, env });
  const { eTag } = await client.putObject('大 100%.txt', 'text', { contentType: 'text/plain' });
  expect(cloud.bucket('archive').keys()).toEqual(['大 100%.txt']);
  expect(await cloud.bucket('archive').object('大 100%.txt')).toMatchObject({ eTag });
  await cloud.bucket('archive').put('包裹', 'text');
  expect((await client.getObject('包裹')).eTag).toBe(eTag);
  const { key, uploadId } = await cloud.bucket('archive').beginUpload('大');
  expect(cloud.bucket('archive').uploads()).toEqual([{ key, uploadId }]);
});
