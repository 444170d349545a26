import { httpEvent } from 'fc-local/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { ConfigurationError, InvalidInputError, ServiceError } from '#src/errors/errors';
import { parseTimerEvent } from '#src/events/index';
import { eventHandler } from '#src/handler/event-handler';
import { httpHandler } from '#src/handler/http-handler';
import { json } from '#src/handler/json';
import { fakeContext } from '#test/fake-context';

const context = fakeContext({ requestId: 'r-1', timeout: 10 });
const parsed = (body: string | undefined) => JSON.parse(body ?? '');

it('hands the validated body on and answers with what the handler returns', async () => {
  const handler = httpHandler({
    body: z.object({ n: z.number() }),
    handle: async ({ body, request }) => json(200, { double: body.n * 2, method: request.method }),
  });
  const response = await handler(httpEvent({ body: '{"n":21}' }), context);
  expect(response.statusCode).toBe(200);
  expect(parsed(response.body)).toEqual({ double: 42, method: 'POST' });
});

it('answers 400 with the issues and runs nothing when the body does not fit', async () => {
  let ran = 0;
  const handler = httpHandler({
    body: z.object({ n: z.number() }),
    handle: async () => json(200, ++ran),
  });
  const response = await handler(httpEvent({ body: '{"n":"x"}' }), context);
  expect(response.statusCode).toBe(400);
  expect(parsed(response.body).error).toMatchObject({
    code: 'InvalidValue',
    issues: [{ path: 'n' }],
    requestId: 'r-1',
  });
  expect(ran).toBe(0);
});

it.each([
  ['InvalidJson', httpEvent({ body: 'not json' })],
  ['InvalidJson', httpEvent({ body: '' })],
  ['InvalidUtf8', httpEvent({ body: Buffer.from([0xff]) })],
  ['UnexpectedEvent', Buffer.from('{}')],
])('answers 400 %s for input it cannot read', async (code, event) => {
  const handler = httpHandler({ body: z.any(), handle: async () => json(200, 'ran') });
  const response = await handler(event, context);
  expect([response.statusCode, parsed(response.body).error.code]).toEqual([400, code]);
});

it('answers 413 to a body over the limit', async () => {
  const handler = httpHandler({ maxBodyBytes: 3, handle: async () => json(200, 'ran') });
  expect((await handler(httpEvent({ body: 'four' }), context)).statusCode).toBe(413);
  expect((await handler(httpEvent({ body: 'abc' }), context)).statusCode).toBe(200);
});

it.each([
  [500, 'InternalError', new Error('database password is hunter2')],
  [
    500,
    'InternalError',
    new ConfigurationError('Environment lacks X', { code: 'MissingEnvironment' }),
  ],
  [
    503,
    'TemporarilyUnavailable',
    new ServiceError('busy', { service: 'smq', code: 'QpsLimitExceeded', retryable: true }),
  ],
])(
  'answers %i %s to an error of its own and tells the caller only the request id',
  async (status, code, error) => {
    const handler = httpHandler({ handle: async () => Promise.reject(error) });
    const response = await handler(httpEvent({}), context);
    expect(response.statusCode).toBe(status);
    expect(parsed(response.body)).toEqual({
      error: { code, message: 'The request could not be handled', requestId: 'r-1' },
    });
  },
);

it('treats input that the handler itself refuses as the caller’s', async () => {
  const refuse = async () => Promise.reject(new InvalidInputError('too long', { code: 'TooLong' }));
  const response = await httpHandler({ handle: refuse })(httpEvent({}), context);
  expect([response.statusCode, parsed(response.body).error.code]).toEqual([400, 'TooLong']);
});

it('throws on what an event handler throws, so that FC retries', async () => {
  const tick = Buffer.from(JSON.stringify({ triggerTime: 't', triggerName: 'n' }));
  const failing = eventHandler(parseTimerEvent, async ({ triggerName }) => {
    throw new Error(`${triggerName} failed`);
  });
  await expect(failing(tick, context)).rejects.toThrow('n failed');
  await expect(failing(Buffer.from('{}'), context)).rejects.toThrow(InvalidInputError);
});

it('gives the handler a deadline from the function’s timeout', async () => {
  const handler = eventHandler(parseTimerEvent, async (_, { deadline }) => deadline.remaining());
  const tick = Buffer.from(JSON.stringify({ triggerTime: 't', triggerName: 'n' }));
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  expect(await handler(tick, context)).toBe(10_000);
});
