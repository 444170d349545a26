import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
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

it('passes the validated body on and answers with what the handler returns', async () => {
  const handler = httpHandler({
    body: z.object({ n: z.number() }),
    handle: async ({ body, request }) => json(200, { double: body.n * 2, method: request.method }),
  });
  const response = await handler(httpEvent({ body: '{"n":21}' }), context);
  expect(response.statusCode).toBe(200);
  expect(parsed(response.body)).toEqual({ double: 42, method: 'POST' });
});

it('answers 400 with the issues and runs nothing when the body is not valid', async () => {
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

it('answers 413 to JSON of more than 1 MiB unless the handler takes more', async () => {
  const body = JSON.stringify('x'.repeat(1024 * 1024));
  const handle = async () => json(200, 'ran');
  const call = async (maxBodyBytes?: number) => {
    const options = { body: z.any(), handle, ...(maxBodyBytes && { maxBodyBytes }) };
    return (await httpHandler(options)(httpEvent({ body }), context)).statusCode;
  };
  expect([await call(), await call(2 * 1024 * 1024)]).toEqual([413, 200]);
  const bytes = httpEvent({ body: Buffer.from(body) });
  expect((await httpHandler({ body: z.any(), handle })(bytes, context)).statusCode).toBe(413);
});

it.each([
  ['lists', '['.repeat(5000) + ']'.repeat(5000)],
  ['objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
])('answers 400 to endlessly nested %s', async (_, body) => {
  const handler = httpHandler({ body: z.json(), handle: async () => json(200, 'ran') });
  const response = await handler(httpEvent({ body }), context);
  expect([response.statusCode, parsed(response.body).error.code]).toEqual([400, 'JsonTooDeep']);
});

it('answers 400 to a body that does not match its Content-MD5', async () => {
  const handler = httpHandler({ handle: async () => json(200, 'ran') });
  const call = async (md5: string) => {
    const headers = { 'Content-MD5': md5 };
    const { statusCode, body } = await handler(httpEvent({ body: 'content', headers }), context);
    return [statusCode, parsed(body).error?.code];
  };
  const md5 = createHash('md5').update('content').digest('base64');
  expect(await call(md5)).toEqual([200, undefined]);
  expect(await call(createHash('md5').update('other').digest('base64'))).toEqual([
    400,
    'InvalidDigest',
  ]);
  for (const other of ['x'.repeat(1_000_000), '', ' ', '=='])
    expect(await call(other)).toEqual([400, 'InvalidDigest']);
});

it('answers 415 to JSON that is declared as compressed, and names what it is declared as', async () => {
  const handler = httpHandler({ body: z.any(), handle: async () => json(200, 'ran') });
  const headers = { 'Content-Encoding': 'gzip' };
  const response = await handler(httpEvent({ body: gzipSync('{}'), headers }), context);
  expect(response.statusCode).toBe(415);
  expect(parsed(response.body).error.message).toContain(
    'Content-Encoding of the request is "gzip"',
  );
});

it('accepts JSON after a byte order mark, as text and as bytes', async () => {
  const handler = httpHandler({ body: z.any(), handle: async ({ body }) => json(200, body) });
  for (const body of ['\ufeff{"n":1}', Buffer.from('\ufeff{"n":1}')])
    expect((await handler(httpEvent({ body }), context)).body).toBe('{"n":1}');
});

it('continues the trace of a request, with its baggage', async () => {
  const handler = httpHandler({ handle: async ({ trace }) => json(200, trace) });
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const call = async (baggage: string) =>
    parsed((await handler(httpEvent({ headers: { traceparent, baggage } }), context)).body);
  expect(await call('tenant=7')).toMatchObject({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    parentId: '00f067aa0ba902b7',
    baggage: 'tenant=7',
  });
  expect(await call('x'.repeat(5000))).not.toHaveProperty('baggage');
});

it('answers wrong input of any size with an answer of limited size', async () => {
  const handler = httpHandler({
    maxBodyBytes: 20_000_000,
    body: z.object({ kind: z.enum(['a', 'b']), more: z.record(z.string().max(3), z.number()) }),
    handle: async () => json(200, 'ran'),
  });
  const long = 'x'.repeat(3_000_000);
  const body = JSON.stringify({ kind: long, more: { [long]: long }, [long]: 1 });
  const response = await handler(httpEvent({ body }), context);
  expect(response.statusCode).toBe(400);
  expect(response.body?.length).toBeLessThan(3000);
  const odd = Buffer.from(JSON.stringify({ headers: { [long]: 1 }, requestContext: { http: {} } }));
  expect((await handler(odd, context)).body?.length).toBeLessThan(3000);
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

it('rethrows what an event handler throws, so that FC retries', async () => {
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
