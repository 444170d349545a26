import { expect, it, vi } from 'vitest';
import { handler } from '#functions/function-invoker';
import { APP } from '#test/app';
import { fakeContext } from '#test/fake-context';
import { httpEvent } from '#test/http-event';
import { localCloud } from '#test/local-cloud';
import { anOrder, ordersQueue } from '#test/orders';

const CONSUMER = `${APP}-queue-consumer`;
const TICK = { triggerTime: '2026-01-01T00:00:00Z', triggerName: 'now', payload: '' };

const parsed = (body: string | undefined) => JSON.parse(body ?? '');

/** The handler called in this process, the functions it calls in the local runtime. */
async function called(body: unknown, allowed = CONSUMER) {
  const cloud = await localCloud();
  await cloud.smq.service.send(ordersQueue(cloud), { body: JSON.stringify(anOrder()) });
  vi.stubEnv('FUNCTION_ENDPOINT', cloud.environment.FUNCTION_ENDPOINT);
  vi.stubEnv('FUNCTION_NAMES', allowed);
  const context = fakeContext({
    credentials: cloud.credentialsOf('function-invoker'),
    region: cloud.region,
    accountId: cloud.accountId,
  });
  const response = await handler(httpEvent({ body: JSON.stringify(body) }), context);
  vi.unstubAllEnvs();
  return { status: response.statusCode, ...parsed(response.body) };
}

it('calls functions of 3.0 and 2.0, each with its own result', async () => {
  const calls = [
    { function: CONSUMER, event: TICK },
    { function: CONSUMER, event: { no: 'tick' } },
    { function: 'service/of-another-role', event: TICK },
  ];
  const { status, results } = await called({ calls }, `${CONSUMER}, service/of-another-role`);
  expect(status).toBe(207);
  expect(results).toEqual([
    {
      function: CONSUMER,
      requestId: expect.any(String),
      result: expect.objectContaining({ handled: 1 }),
    },
    {
      function: CONSUMER,
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

it('has asynchronous calls taken, and waits for none', async () => {
  const calls = [{ function: CONSUMER, event: TICK }];
  expect(await called({ calls, type: 'async' })).toEqual({
    status: 200,
    results: [{ function: CONSUMER, requestId: expect.any(String) }],
  });
});

it('does the same as a bundle behind its HTTP trigger', async () => {
  const cloud = await localCloud();
  const fn = cloud.project?.functions.find(({ resource }) => resource === 'function-invoker');
  if (!fn) throw new Error('s.yaml has no function-invoker');
  const FUNCTION_NAMES = `${CONSUMER},service/other`;
  const environmentVariables = { ...fn.environmentVariables, FUNCTION_NAMES };
  await cloud.fc?.deploy({ ...fn, environmentVariables });

  const names = [CONSUMER, 'service/other'];
  const response = await fetch(cloud.fc?.httpTriggerUrl('function-invoker') ?? '', {
    method: 'POST',
    body: JSON.stringify({ calls: names.map((name) => ({ function: name, event: TICK })) }),
  });
  expect(response.status).toBe(207);
  expect(await response.json()).toMatchObject({
    results: [{ result: { received: 0 } }, { error: { code: 'AccessDenied' } }],
  });
});

it.each([
  ['a function that is not on the list', { calls: [{ function: 'other' }] }, 'FunctionNotAllowed'],
  ['no calls', { calls: [] }, 'InvalidValue'],
  ['a call without a function', { calls: [{ event: 1 }] }, 'InvalidValue'],
  ['an unknown type', { calls: [{ function: CONSUMER }], type: 'later' }, 'InvalidValue'],
])('refuses %s and calls nothing', async (_, body, code) => {
  vi.stubEnv('FUNCTION_NAMES', CONSUMER);
  const response = await handler(httpEvent({ body: JSON.stringify(body) }), fakeContext());
  vi.unstubAllEnvs();
  expect(response.statusCode).toBe(400);
  expect(parsed(response.body).error.code).toBe(code);
});
