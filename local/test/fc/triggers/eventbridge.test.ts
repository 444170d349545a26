import { parseQueueBatch } from 'fc-kit/events';
import { describe, expect, it } from 'vitest';
import type { DrivenClock } from '#src/clock';
import type { LogLine } from '#src/fc/runtime';
import type { QueueTriggerSpec } from '#src/project/types';
import { until } from '#src/testing/until';
import { ACCOUNT, PRINTS, REGION, startWithServices } from '../services.ts';

function queue(spec: Partial<QueueTriggerSpec> = {}): QueueTriggerSpec {
  return {
    type: 'eventbridge',
    name: 'on-order',
    source: 's.yaml:20',
    queue: 'orders',
    enable: true,
    asynchronous: false,
    decodeBase64: true,
    schema: 'CloudEvents',
    batch: { count: 10, seconds: 5 },
    errorsTolerance: 'ALL',
    strategy: 'BACKOFF_RETRY',
    ...spec,
  };
}

const SHOWS = `exports.handler = async (event) =>
  console.log('got ' + JSON.parse(event).map((one) => one.data.messageBody));`;
const FAILS =
  "exports.handler = async (event) => { console.log('got'); throw new Error('no stock'); };";

/**
 * Waits until the trigger has taken the messages and receives again: the timers of that wait and of
 * the queue are pending.
 */
const waitsForMore = (clock: DrivenClock) => until(() => clock.pending === 2);

function eventIn(text: string) {
  return JSON.parse(text.slice(text.indexOf('got ') + 4));
}

describe('a batch', () => {
  it('is an array of CloudEvents, deleted once the function has succeeded', async () => {
    const { deploy, smq, printed, bodies, clock } = await startWithServices();
    await deploy(PRINTS, { triggers: [queue({ batch: { count: 1, seconds: 0 } })] });
    const sent = await smq.send('orders', { body: Buffer.from('TEST').toString('base64') });
    const event = eventIn((await printed('got ')).text);
    const now = new Date(clock.now()).toISOString();
    expect(event).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        source: 'MNS-Function-on-order',
        specversion: '1.0',
        type: 'mns:Queue:SendMessage',
        datacontenttype: 'application/json; charset=utf-8',
        subject: `acs:mns:${REGION}:${ACCOUNT}:queues/orders`,
        time: now,
        aliyunaccountid: ACCOUNT,
        aliyunpublishtime: now,
        aliyunoriginalaccountid: ACCOUNT,
        aliyuneventbusname: 'MNS-Function-on-order',
        aliyunregionid: REGION,
        aliyunpublishaddr: '127.0.0.1',
        data: {
          requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
          messageId: sent.messageId,
          messageBody: 'TEST',
        },
      },
    ]);
    expect(parseQueueBatch(Buffer.from(JSON.stringify(event)))).toMatchObject([
      { messageId: sent.messageId, messageBody: 'TEST' },
    ]);
    await until(() => bodies('orders').length === 0);
  });

  it('is of the data alone with RawData, and left in base64 when asked to', async () => {
    const { deploy, smq, printed } = await startWithServices();
    const triggers = [
      queue({ schema: 'RawData', decodeBase64: false, batch: { count: 1, seconds: 0 } }),
    ];
    await deploy(PRINTS, { triggers });
    const sent = await smq.send('orders', { body: 'VEVTVA==' });
    expect(eventIn((await printed('got ')).text)).toEqual([
      { requestId: expect.any(String), messageId: sent.messageId, messageBody: 'VEVTVA==' },
    ]);
  });

  it('is pushed when it is full, without waiting for its window', async () => {
    const { deploy, smq, printed } = await startWithServices();
    await deploy(SHOWS, { triggers: [queue({ batch: { count: 3, seconds: 15 } })] });
    for (const body of ['a', 'b', 'c', 'd']) await smq.send('orders', { body });
    await printed('got a,b,c');
  });

  it('is pushed when its window has passed', async () => {
    const { deploy, smq, printed, clock, lines } = await startWithServices();
    await deploy(SHOWS, { triggers: [queue({ batch: { count: 100, seconds: 5 } })] });
    await smq.send('orders', { body: 'a' });
    await waitsForMore(clock);
    await clock.advance(4000);
    await smq.send('orders', { body: 'b' });
    await waitsForMore(clock);
    await clock.advance(999);
    expect(lines).toEqual([]);
    await clock.advance(1);
    await printed('got a,b');
  });

  it('holds no message twice, though its window outlasts the visibility timeout', async () => {
    const { deploy, smq, printed, clock, bodies } = await startWithServices();
    await smq.setQueueAttributes('orders', { visibilityTimeout: 2 });
    await deploy(SHOWS, { triggers: [queue({ batch: { count: 100, seconds: 15 } })] });
    await smq.send('orders', { body: 'a' });
    await waitsForMore(clock);
    for (let second = 0; second < 15; second++) await clock.advance(1000);
    expect((await printed('got ')).text).toMatch(/got a$/);
    await until(() => bodies('orders').length === 0);
  });

  it('takes more than the 16 messages that one receive gives', async () => {
    const { deploy, smq, printed } = await startWithServices();
    const bodies = Array.from({ length: 40 }, (_, nth) => `m${nth}`);
    for (const body of bodies) await smq.send('orders', { body });
    await deploy(SHOWS, { triggers: [queue({ batch: { count: 40, seconds: 15 } })] });
    await printed(`got ${bodies}`);
  });

  it('comes again from a queue that was gone for a while', async () => {
    const { deploy, smq, printed, clock } = await startWithServices();
    await deploy(SHOWS, { triggers: [queue({ batch: { count: 1, seconds: 0 } })] });
    await smq.deleteQueue('orders');
    // The receive in progress may outlast the queue.
    await clock.advance(31_000);
    await printed('received again in 15 s');
    await smq.createQueue('orders');
    await smq.send('orders', { body: 'a' });
    await clock.advance(15_000);
    await printed('got a');
  });

  it('is deleted where only the latest handle counts, too', async () => {
    const { deploy, smq, bodies, printed } = await startWithServices([], { strictHandles: true });
    await deploy(SHOWS, { triggers: [queue({ batch: { count: 1, seconds: 0 } })] });
    await smq.send('orders', { body: 'a' });
    await printed('got a');
    await until(() => bodies('orders').length === 0);
  });

  it('waits in the queue while the trigger is not enabled', async () => {
    const { deploy, smq, bodies, clock } = await startWithServices();
    await deploy(SHOWS, { triggers: [queue({ enable: false })] });
    await smq.send('orders', { body: 'a' });
    await clock.advance(60_000);
    expect(bodies('orders')).toEqual(['a']);
  });

  it('is done once it is accepted when the invocation is asynchronous', async () => {
    const { deploy, smq, printed, bodies } = await startWithServices();
    const triggers = [queue({ asynchronous: true, batch: { count: 1, seconds: 0 } })];
    await deploy(FAILS, { triggers, asyncInvoke: { maxRetryAttempts: 0 } });
    await smq.send('orders', { body: 'a' });
    await printed('Trigger "on-order": UnhandledInvocationError');
    await until(() => bodies('orders').length === 0);
  });
});

describe('a batch that fails', () => {
  /** The longest wait of BACKOFF_RETRY. */
  const BACKOFF_MS = 20_000;
  const ONE = { batch: { count: 1, seconds: 0 } };

  /** Lets the first push and its three retries fail, each after the previous one. */
  async function failEach({ lines, clock }: Awaited<ReturnType<typeof startWithServices>>) {
    const before = failures(lines);
    for (let nth = 1; nth <= 3; nth++) {
      await until(() => failures(lines) === before + nth);
      await clock.advance(BACKOFF_MS);
    }
  }
  const failures = (lines: readonly LogLine[]) =>
    lines.filter(({ text }) => /pushed again in (1\d|20) s/.test(text)).length;
  const calls = (lines: readonly LogLine[]) => lines.filter(({ text }) => text.endsWith('got'));

  it('is pushed again as a whole, hidden from others all the while, and goes when it succeeds', async () => {
    const { deploy, smq, printed, bodies, clock, lines } = await startWithServices();
    const code = `let calls = 0; exports.handler = async () => {
      if (++calls < 3) throw new Error('not yet'); console.log('done at ' + calls); };`;
    await deploy(code, { triggers: [queue({ batch: { count: 2, seconds: 5 } })], timeout: 60 });
    for (const body of ['a', 'b']) await smq.send('orders', { body });
    for (let nth = 1; nth <= 2; nth++) {
      await until(() => failures(lines) === nth);
      await printed('Trigger "on-order": UnhandledInvocationError: {"errorMessage":"not yet"');
      expect(await smq.receive('orders', { max: 16, waitSeconds: 0 })).toEqual([]);
      await clock.advance(BACKOFF_MS);
    }
    await printed('done at 3');
    await until(() => bodies('orders').length === 0);
  });

  it('moves to the dead-letter queue after three retries with ALL, and the next one is pushed', async () => {
    const services = await startWithServices();
    const { deploy, smq, printed, bodies, lines } = services;
    const triggers = [queue({ ...ONE, deadLetterQueue: 'dead' })];
    await deploy(FAILS, { triggers, timeout: 60 });
    await smq.send('orders', { body: 'Zmlyc3Q=' });
    await failEach(services);
    await printed('no more retries: 1 messages moved to "dead"');
    await until(() => bodies('orders').length === 0);
    expect(bodies('dead')).toEqual(['Zmlyc3Q=']);
    expect(calls(lines)).toHaveLength(4);
    await smq.send('orders', { body: 'second' });
    await failEach(services);
    await until(() => bodies('dead').length === 2);
  });

  it('is dropped with ALL and no dead-letter queue', async () => {
    const services = await startWithServices();
    await services.deploy(FAILS, { triggers: [queue(ONE)], timeout: 60 });
    await services.smq.send('orders', { body: 'a' });
    await failEach(services);
    await services.printed('1 messages dropped');
    await until(() => services.bodies('orders').length === 0);
  });

  it('blocks the stream with NONE, and its messages stay', async () => {
    const services = await startWithServices();
    const { deploy, smq, bodies, clock, printed, lines } = services;
    await deploy(FAILS, { triggers: [queue({ ...ONE, errorsTolerance: 'NONE' })], timeout: 60 });
    await smq.send('orders', { body: 'a' });
    await failEach(services);
    await printed('blocks the stream');
    await smq.send('orders', { body: 'b' });
    await clock.advance(600_000);
    expect(bodies('orders').sort()).toEqual(['a', 'b']);
    expect(calls(lines)).toHaveLength(4);
  });

  it('comes to a new version at once, whether it waited for a retry or blocked the stream', async () => {
    const services = await startWithServices();
    const { deploy, smq, bodies, printed, lines, clock } = services;
    const triggers = [queue({ ...ONE, errorsTolerance: 'NONE' })];
    await deploy(FAILS, { triggers, timeout: 60 });
    await smq.send('orders', { body: 'a' });
    await until(() => failures(lines) === 1);
    await deploy(SHOWS, { triggers });
    for (const _ of ['given back', 'seen']) await clock.advance(0);
    await printed('got a');
    await until(() => bodies('orders').length === 0);

    await deploy(FAILS, { triggers, timeout: 60 });
    await smq.send('orders', { body: 'b' });
    await failEach(services);
    await printed('blocks the stream');
    await deploy(SHOWS, { triggers });
    await clock.advance(0);
    await printed('got b');
  });
});
