import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LogLine } from '#src/fc/runtime';
import type { DestinationSpec } from '#src/project/types';
import { until } from '#src/testing/until';
import { startFixture, writeFunction } from '../fixture.ts';
import { ACCOUNT, REGION, roleFor, startWithServices } from '../services.ts';

/** Fails as often as its event says, and prints the number of the retry. */
const FAILS = `exports.handler = async (event, context) => {
  console.log('try ' + context.retryCount + ' of ' + context.requestId);
  if (context.retryCount < Number(event)) throw new Error('not yet');
  return 'done'; };`;

const tries = (lines: readonly LogLine[]) =>
  lines.flatMap(({ text }) => /\] try (\d) of/.exec(text)?.[1] ?? []).map(Number);

function to(kind: DestinationSpec['kind'], name: string): DestinationSpec {
  return { kind, name, source: 's.yaml:9' };
}

describe('retries', () => {
  it('are three, half a second after the failure and then twice as long each, under one request id', async () => {
    const { deploy, runtime, printed, lines, clock } = await startWithServices();
    await deploy(FAILS, { timeout: 60 });
    const { requestId } = runtime.invokeAsync('sample', Buffer.from('9'));
    for (const [nth, delay] of [500, 1000, 2000].entries()) {
      await printed(`retry ${nth + 1} of 3 in ${delay / 1000} s`);
      await clock.advance(delay - 1);
      expect(tries(lines)).toHaveLength(nth + 1);
      await clock.advance(1);
    }
    const last = await printed('no more retries');
    expect(last).toMatchObject({ requestId, stream: 'stderr' });
    expect(last.text).toMatch(
      /^Asynchronous invocation: UnhandledInvocationError: \{"errorMessage"/,
    );
    expect(tries(lines)).toEqual([0, 1, 2, 3]);
    expect(lines.filter((line) => line.requestId !== requestId)).toEqual([]);
    await clock.advance(3_600_000);
    expect(tries(lines)).toHaveLength(4);
  });

  it('end with the first success', async () => {
    const { deploy, runtime, printed, lines, clock } = await startWithServices();
    await deploy(FAILS, { timeout: 60 });
    let ended = 0;
    runtime.observe(() => ended++);
    runtime.invokeAsync('sample', Buffer.from('1'));
    await printed('retry 1 of 3');
    await clock.advance(500);
    await until(() => ended === 2);
    await clock.advance(3_600_000);
    expect(tries(lines)).toEqual([0, 1]);
  });

  it('are as many as s.yaml says', async () => {
    const { deploy, runtime, printed, lines } = await startWithServices();
    await deploy(FAILS, { asyncInvoke: { maxRetryAttempts: 0 } });
    runtime.invokeAsync('sample', Buffer.from('9'));
    await printed('UnhandledInvocationError');
    expect(tries(lines)).toEqual([0]);
  });

  it('end when the event is too old', async () => {
    const { deploy, runtime, printed, lines, clock } = await startWithServices();
    await deploy(FAILS, { timeout: 60, asyncInvoke: { maxRetryAttempts: 8, maxEventAge: 1 } });
    runtime.invokeAsync('sample', Buffer.from('9'));
    await printed('retry 1 of 8');
    await clock.advance(500);
    await printed('no retry: older than 1 s');
    expect(tries(lines)).toEqual([0, 1]);
  });

  it('are none, nor a first try, for an event that waits for an instance until it is too old', async () => {
    const { deploy, runtime, printed, lines, clock } = await startWithServices([], {
      instanceLimit: 1,
    });
    const HOLDS = `const { existsSync } = require('node:fs');
      exports.handler = async (event) => {
        console.log('try ' + event + ' of it');
        while (!existsSync(process.env.RELEASE)) await new Promise((go) => setTimeout(go, 2));
      };`;
    const asyncInvoke = { maxRetryAttempts: 0, maxEventAge: 1 };
    const release = join(mkdtempSync(join(tmpdir(), 'fc-release-')), 'release');
    onTestFinished(() => rmSync(dirname(release), { recursive: true }));
    const environmentVariables = { RELEASE: release };
    await deploy(HOLDS, { timeout: 60, asyncInvoke, environmentVariables });
    const first = runtime.invoke('sample', Buffer.from('1'));
    runtime.invokeAsync('sample', Buffer.from('2'));
    await printed('] try 1 of');
    await clock.advance(2000);
    writeFileSync(release, '');
    await first;
    await printed('The event waited too long for an instance');
    expect(tries(lines)).toEqual([1]);
  });

  it('do not happen if the function was not reached, which its destination learns', async () => {
    const { runtime, printed, lines, clock } = await startFixture({
      issueCredentials({ resource }) {
        if (resource === 'sample') throw new Error('no credential today');
        return undefined;
      },
    });
    const code = "exports.handler = async (event) => console.log('heard ' + event);";
    await runtime.deploy(writeFunction(code, { name: 'dev-other', resource: 'other' }));
    const asyncInvoke = { onFailure: to('function', 'dev-other') };
    await runtime.deploy(writeFunction(FAILS, { asyncInvoke }));
    runtime.invokeAsync('sample', Buffer.from('9'));
    const { text } = await printed('heard ');
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({
      requestContext: { condition: 'InternalServerError', approximateInvokeCount: 1 },
      responseContext: { statusCode: 500, functionError: '' },
    });
    await clock.advance(3_600_000);
    expect(lines.filter((line) => line.text.includes('no credential today'))).toHaveLength(1);
  });

  it('that wait when the runtime stops are given up', async () => {
    const { deploy, runtime, printed, lines, clock } = await startWithServices();
    await deploy(FAILS, { timeout: 60 });
    runtime.invokeAsync('sample', Buffer.from('9'));
    await printed('retry 1 of 3');
    await runtime.close();
    await clock.advance(3_600_000);
    expect(tries(lines)).toEqual([0]);
  });

  it('are the new version of a function that is deployed in between', async () => {
    const { deploy, runtime, printed, clock } = await startWithServices();
    await deploy(FAILS);
    runtime.invokeAsync('sample', Buffer.from('9'));
    await printed('retry 1 of 3');
    await deploy("exports.handler = async () => console.log('works');");
    await clock.advance(500);
    await printed('works');
  });
});

it('accepts 128 KB and refuses more, and an unknown function', async () => {
  const { deploy, runtime, printed } = await startWithServices();
  await deploy('exports.handler = async (event) => console.log(event.length);');
  runtime.invokeAsync('sample', Buffer.alloc(128 * 1024));
  await printed('131072');
  expect(() => runtime.invokeAsync('sample', Buffer.alloc(128 * 1024 + 1))).toThrow(
    'payload size exceeds maximum allowed size (131072 bytes)',
  );
  expect(() => runtime.invokeAsync('nobody', Buffer.alloc(0))).toThrow('does not exist');
});

describe('destinations', () => {
  const place = `${REGION}:${ACCOUNT}`;

  it('onSuccess: a queue gets the documented payload', async () => {
    const { deploy, runtime, bodies, clock } = await startWithServices([
      roleFor('fc.aliyuncs.com', 'mns:SendMessage'),
    ]);
    await deploy(FAILS, { role: 'invoker', asyncInvoke: { onSuccess: to('queue', 'orders') } });
    const { requestId } = runtime.invokeAsync('sample', Buffer.from('0'));
    await until(() => bodies('orders').length === 1);
    expect(JSON.parse(bodies('orders')[0] ?? '')).toEqual({
      timestamp: clock.now(),
      requestContext: {
        requestId,
        functionArn: `acs:fc:${place}:functions/dev-sample`,
        condition: '',
        approximateInvokeCount: 1,
      },
      requestPayload: '0',
      responseContext: { statusCode: 200, functionError: '' },
      responsePayload: 'done',
    });
  });

  it('onFailure: a topic is published to after the last retry, and not before', async () => {
    const { deploy, runtime, smq, clock, printed } = await startWithServices([
      roleFor('fc.aliyuncs.com', 'mns:PublishMessage'),
    ]);
    const published: string[] = [];
    smq.onPublish('news', ({ body }) => published.push(body));
    const asyncInvoke = { maxRetryAttempts: 1, onFailure: to('topic', 'news') };
    await deploy(FAILS, { role: 'invoker', asyncInvoke });
    runtime.invokeAsync('sample', Buffer.from('9'));
    await printed('retry 1 of 1');
    expect(published).toEqual([]);
    await clock.advance(500);
    await until(() => published.length === 1);
    expect(JSON.parse(published[0] ?? '')).toMatchObject({
      requestContext: { condition: 'UnhandledInvocationError', approximateInvokeCount: 2 },
      responseContext: { statusCode: 200, functionError: 'UnhandledInvocationError' },
      responsePayload: expect.stringContaining('"errorMessage":"not yet"'),
    });
  });

  it('onFailure: another function is invoked with it', async () => {
    const { deploy, runtime, printed } = await startWithServices([
      roleFor('fc.aliyuncs.com', 'fc:InvokeFunction'),
    ]);
    const code = "exports.handler = async (event) => console.log('heard ' + event);";
    await runtime.deploy(writeFunction(code, { name: 'dev-other', resource: 'other' }));
    const asyncInvoke = { maxRetryAttempts: 0, onFailure: to('function', 'dev-other') };
    await deploy(FAILS, { role: 'invoker', asyncInvoke });
    runtime.invokeAsync('sample', Buffer.from('9'));
    expect((await printed('heard ')).text).toContain('"condition":"UnhandledInvocationError"');
  });

  it.each([
    [
      'the role does not allow it',
      'invoker',
      'mns:ReceiveMessage',
      /is refused: mns:SendMessage on acs:mns:.*orders\/messages.*: allow mns:SendMessage$/,
    ],
    [
      'the function has no role',
      undefined,
      'mns:SendMessage',
      /needs a role, and the function has none: give it one$/,
    ],
  ])('get nothing when %s, which is logged with the place', async (_, role, action, message) => {
    const { deploy, runtime, printed, bodies } = await startWithServices([
      roleFor('fc.aliyuncs.com', action),
    ]);
    const asyncInvoke = { onSuccess: to('queue', 'orders') };
    await deploy(FAILS, { ...(role && { role }), asyncInvoke });
    runtime.invokeAsync('sample', Buffer.from('0'));
    const { text } = await printed('Destination queue "orders" (s.yaml:9)');
    expect(text).toMatch(message);
    expect(bodies('orders')).toEqual([]);
  });
});
