import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpEvent, type TestCloud } from 'fc-local/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { handler } from '#functions/function-invoker';
import { fakeContext } from '#test/fake-context';
import { localCloud } from '#test/local-cloud';

const TICK = { triggerTime: '2026-01-01T00:00:00Z', triggerName: 'now', payload: '' };

const parsed = (body: string | undefined) => JSON.parse(body ?? '');

const CALLEE = `exports.handler = async (event) => {
  if (!JSON.parse(event).triggerName) throw new Error('no tick');
  return { handled: 1 };
};`;

/** Deploys a function under the name that s.yaml lets the invoker call, and returns that name. */
async function deployCallee(cloud: TestCloud): Promise<string> {
  const { spec, env } = cloud.function('function-invoker');
  const name = env.FUNCTION_NAMES ?? '';
  const codeDir = await mkdtemp(join(tmpdir(), 'callee-'));
  onTestFinished(() => rm(codeDir, { recursive: true, force: true }));
  await writeFile(join(codeDir, 'index.js'), CALLEE);
  const what = { name, resource: 'callee', codeDir, triggers: [], environmentVariables: {} };
  await cloud.fc?.deploy({ ...spec, ...what });
  return name;
}

/**
 * Calls the handler in this process, and the functions it calls in the local runtime. Returns its answer
 * and the callee's name.
 */
async function called(body: (callee: string) => object, others: string[] = []) {
  const cloud = await localCloud();
  const callee = await deployCallee(cloud);
  const { context, restore } = cloud.function('function-invoker').calledDirectly();
  onTestFinished(restore);
  process.env.FUNCTION_NAMES = [callee, ...others].join(', ');
  const response = await handler(httpEvent({ body: JSON.stringify(body(callee)) }), context);
  return { callee, status: response.statusCode, ...parsed(response.body) };
}

it('calls functions of 3.0 and 2.0, each with its own result', async () => {
  const calls = (callee: string) => [
    { function: callee, event: TICK },
    { function: callee, event: { no: 'tick' } },
    { function: 'service/of-another-role', event: TICK },
  ];
  const { callee, status, results } = await called(
    (name) => ({ calls: calls(name) }),
    ['service/of-another-role'],
  );
  expect(status).toBe(207);
  expect(results).toEqual([
    {
      function: callee,
      requestId: expect.any(String),
      result: expect.objectContaining({ handled: 1 }),
    },
    {
      function: callee,
      error: {
        code: expect.stringMatching(/InvocationError$/),
        requestId: expect.any(String),
        retryable: false,
      },
    },
    {
      function: 'service/of-another-role',
      error: expect.objectContaining({ code: 'AccessDenied', retryable: false }),
    },
  ]);
});

it('makes asynchronous calls, and waits for none', async () => {
  const { callee, ...answer } = await called((name) => ({
    calls: [{ function: name, event: TICK }],
    type: 'async',
  }));
  expect(answer).toEqual({
    status: 200,
    results: [{ function: callee, requestId: expect.any(String) }],
  });
});

it('does the same as a bundle behind its HTTP trigger', async () => {
  const cloud = await localCloud();
  const names = [await deployCallee(cloud), 'service/other'];
  const FUNCTION_NAMES = names.join();
  const invoker = cloud.function('function-invoker');
  await invoker.redeploy({ environmentVariables: { FUNCTION_NAMES } });

  const response = await fetch(invoker.url, {
    method: 'POST',
    body: JSON.stringify({ calls: names.map((name) => ({ function: name, event: TICK })) }),
  });
  expect(response.status).toBe(207);
  expect(await response.json()).toMatchObject({
    results: [{ result: { handled: 1 } }, { error: { code: 'AccessDenied' } }],
  });
});

it.each([
  ['a function that is not on the list', { calls: [{ function: 'other' }] }, 'FunctionNotAllowed'],
  ['no calls', { calls: [] }, 'InvalidValue'],
  ['a call without a function', { calls: [{ event: 1 }] }, 'InvalidValue'],
  ['a name of megabytes', { calls: [{ function: 'x'.repeat(3_000_000) }] }, 'FunctionNotAllowed'],
  [
    'a function that is not on the list with an event of many small objects',
    { calls: [{ function: 'other', event: Array.from({ length: 200_000 }, () => ({})) }] },
    'FunctionNotAllowed',
  ],
  ['an unknown type', { calls: [{ function: 'callee' }], type: 'later' }, 'InvalidValue'],
])('refuses %s and calls nothing', async (_, body, code) => {
  vi.stubEnv('FUNCTION_NAMES', 'callee');
  const response = await handler(
    httpEvent({ body: JSON.stringify(body) }),
    fakeContext({ credentials: undefined }),
  );
  vi.unstubAllEnvs();
  expect(response.statusCode).toBe(400);
  expect(parsed(response.body).error.code).toBe(code);
  expect(response.body?.length).toBeLessThan(2000);
});

it.each([
  ['20 MB of small objects', `[${'{},'.repeat(7_000_000)}{}]`, 413],
  ['20 MB of numbers', `[${'1,'.repeat(10_000_000)}1]`, 413],
  ['5,000 brackets', `${'['.repeat(5000)}${']'.repeat(5000)}`, 400],
])('answers %s before it uses them', async (_, event, status) => {
  vi.stubEnv('FUNCTION_NAMES', 'callee');
  const body = `{"calls":[{"function":"callee","event":${event}}]}`;
  const response = await handler(httpEvent({ body }), fakeContext({ credentials: undefined }));
  vi.unstubAllEnvs();
  expect(response.statusCode).toBe(status);
});
