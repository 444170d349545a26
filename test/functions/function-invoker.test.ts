import { httpEvent } from 'fc-local/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { handler } from '#functions/function-invoker';
import { fakeContext } from '#test/fake-context';
import { localCloud } from '#test/local-cloud';
import { anOrder, ordersQueue } from '#test/orders';

const TICK = { triggerTime: '2026-01-01T00:00:00Z', triggerName: 'now', payload: '' };

const parsed = (body: string | undefined) => JSON.parse(body ?? '');

/** The handler called in this process, the functions it calls in the local runtime: what it answers, and the consumer's name. */
async function called(body: (consumer: string) => object, others: string[] = []) {
  const cloud = await localCloud();
  await ordersQueue(cloud).send(JSON.stringify(anOrder()));
  const consumer = cloud.function('queue-consumer').spec.name;
  const { context, restore } = cloud.function('function-invoker').calledDirectly();
  onTestFinished(restore);
  process.env.FUNCTION_NAMES = [consumer, ...others].join(', ');
  const response = await handler(httpEvent({ body: JSON.stringify(body(consumer)) }), context);
  return { consumer, status: response.statusCode, ...parsed(response.body) };
}

it('calls functions of 3.0 and 2.0, each with its own result', async () => {
  const calls = (consumer: string) => [
    { function: consumer, event: TICK },
    { function: consumer, event: { no: 'tick' } },
    { function: 'service/of-another-role', event: TICK },
  ];
  const { consumer, status, results } = await called(
    (name) => ({ calls: calls(name) }),
    ['service/of-another-role'],
  );
  expect(status).toBe(207);
  expect(results).toEqual([
    {
      function: consumer,
      requestId: expect.any(String),
      result: expect.objectContaining({ handled: 1 }),
    },
    {
      function: consumer,
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
  const { consumer, ...answer } = await called((name) => ({
    calls: [{ function: name, event: TICK }],
    type: 'async',
  }));
  expect(answer).toEqual({
    status: 200,
    results: [{ function: consumer, requestId: expect.any(String) }],
  });
});

it('does the same as a bundle behind its HTTP trigger', async () => {
  const cloud = await localCloud();
  const consumer = cloud.function('queue-consumer').spec.name;
  const names = [consumer, 'service/other'];
  const FUNCTION_NAMES = names.join();
  await cloud.function('function-invoker').redeploy({ environmentVariables: { FUNCTION_NAMES } });

  const response = await fetch(cloud.function('function-invoker').url, {
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
  ['an unknown type', { calls: [{ function: 'consumer' }], type: 'later' }, 'InvalidValue'],
])('refuses %s and calls nothing', async (_, body, code) => {
  vi.stubEnv('FUNCTION_NAMES', 'consumer');
  const response = await handler(httpEvent({ body: JSON.stringify(body) }), fakeContext());
  vi.unstubAllEnvs();
  expect(response.statusCode).toBe(400);
  expect(parsed(response.body).error.code).toBe(code);
});
