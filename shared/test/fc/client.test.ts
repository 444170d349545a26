import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { OpenApiUtil } from '@alicloud/openapi-core';
import { describe, expect, it, vi } from 'vitest';
import { FunctionClient } from '#src/fc/client';
import { fanOut } from '#src/fc/fan-out';
import { breakOff, oddServer, silentServer, staleServer } from '#test/odd-server';

const SECRET = 'secret-0123456789';
const TOKEN = 'token-0123456789';
const REQUEST_ID = '1-65000000-0123456789abcdef01234567';

interface Seen {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const clientOf = (url: string) =>
  new FunctionClient({
    accountId: '1000000000000001',
    region: 'cn-hangzhou',
    credentials: { accessKeyId: 'STS.id', accessKeySecret: SECRET, securityToken: TOKEN },
    env: { FUNCTION_ENDPOINT: url },
  });

const answering =
  (status: number, headers: Record<string, string>, body = ''): RequestListener =>
  (request, response) => {
    request.resume().once('end', () => {
      response.writeHead(status, { 'x-fc-request-id': REQUEST_ID, ...headers }).end(body);
    });
  };

/** Starts a Function Compute that gives this answer, and keeps the requests. */
async function server(answer: RequestListener = answering(200, {}, '{"ok":1}')) {
  const seen: Seen[] = [];
  const url = await oddServer(async (request, response) => {
    const entry = { url: request.url ?? '', headers: request.headers, body: '' };
    seen.push(entry);
    request.on('data', (chunk) => {
      entry.body += String(chunk);
    });
    answer(request, response);
  });
  return { client: clientOf(url), seen, url };
}

describe.each([
  ['3.0', 'worker', '/2023-03-30/functions/worker/invocations'],
  ['2.0', 'service/worker', '/2016-08-15/services/service/functions/worker/invocations'],
] as const)('a function of %s', (_, name, path) => {
  it('is called with the event unchanged, and its answer is returned as bytes', async () => {
    const { client, seen } = await server();
    const bytes = Buffer.from('raw bytes');
    expect(await client.invoke(name, { a: 'ü' })).toEqual({
      requestId: REQUEST_ID,
      body: Buffer.from('{"ok":1}'),
    });
    await client.invoke(name, bytes, { type: 'async' });
    await client.invoke(name, 'text', { qualifier: 'prod' });
    expect(seen.map(({ body }) => body)).toEqual(['{"a":"ü"}', 'raw bytes', 'text']);
    expect(seen.map(({ headers }) => headers['x-fc-invocation-type'])).toEqual([
      'Sync',
      'Async',
      'Sync',
    ]);
    expect(seen[0]?.url).toBe(path);
    expect(seen[2]?.url).toBe(
      name === 'worker' ? `${path}?qualifier=prod` : path.replace('service/', 'service.prod/'),
    );
  });

  it.each([
    [
      'HandledInvocationError',
      '{"errorMessage":"no stock","errorType":"StockError"}',
      /StockError "no stock"/,
    ],
    ['UnhandledInvocationError', '{"errorMessage":"Process exited"}', /Process exited/],
    ['InitializationError', 'not JSON', /InitializationError/],
  ])('that ends with %s is an error though the status is 200', async (code, body, message) => {
    const { client } = await server(answering(200, { 'x-fc-error-type': code }, body));
    await expect(client.invoke(name, {})).rejects.toMatchObject({
      service: 'fc',
      code,
      status: 200,
      requestId: REQUEST_ID,
      retryable: false,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [403, 'AccessDenied', false],
    [404, 'FunctionNotFound', false],
    [429, 'ResourceThrottled', true],
    [500, 'InternalServerError', true],
  ])('refused with %i %s', async (status, code, retryable) => {
    const fields = { ErrorCode: code, ErrorMessage: 'why.', Code: code, Message: 'why.' };
    const json = { 'content-type': 'application/json' };
    const { client } = await server(answering(status, json, JSON.stringify(fields)));
    await expect(client.invoke(name, {})).rejects.toMatchObject({
      code,
      status,
      retryable,
      requestId: REQUEST_ID,
      message: expect.stringContaining('"why"'),
    });
  });

  it.each<[string, RequestListener]>([
    ['a page', answering(502, { 'content-type': 'text/html' }, '<html>Bad Gateway</html>')],
    ['an empty 500', answering(500, {})],
    ['a reset', (request) => void request.socket.resetAndDestroy()],
    ['half an answer', breakOff(200, { 'x-fc-request-id': REQUEST_ID })],
    ['another server', (_request, response) => void response.end('hello')],
  ])('met by %s is unreachable', async (_name, answer) => {
    const { client } = await server(answer);
    await expect(client.invoke(name, {}, { timeoutMs: 2000 })).rejects.toMatchObject({
      name: 'ServiceError',
      service: 'fc',
      code: expect.stringMatching(/^(ConnectionFailed|UnexpectedAnswer)$/),
      retryable: true,
    });
  });

  it('that gives no answer is abandoned in time', async () => {
    const { url } = await silentServer();
    await expect(clientOf(url).invoke(name, {}, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'ConnectionFailed',
    });
  });

  it('shows no secret in an error, nor in what DEBUG prints', async () => {
    vi.stubEnv('DEBUG', '*');
    const printed: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation(
      (chunk) => printed.push(String(chunk)) > 0,
    );
    const body = JSON.stringify({ errorMessage: `the key is ${SECRET}`, Message: SECRET });
    const { client } = await server(answering(200, { 'x-fc-error-type': 'E' }, body));
    const error = await client.invoke(name, {}).catch((reason: Error) => reason);
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    expect(`${(error as Error).message} ${printed.join('')}`).not.toMatch(`${SECRET}|${TOKEN}`);
  });
});

it('signs calls of 3.0: host, date, nonce, token and the hash of the body', async () => {
  const { client, seen } = await server();
  await client.invoke('worker', 'text', { qualifier: 'a b' });
  const { url = '', headers = {} } = seen[0] ?? {};
  const [pathname = '', query = ''] = url.split('?');
  const signed = [
    'host',
    'x-acs-action',
    'x-acs-content-sha256',
    'x-acs-date',
    'x-acs-security-token',
    'x-acs-signature-nonce',
    'x-acs-version',
  ];
  const asTheSdk = OpenApiUtil.getAuthorization(
    {
      method: 'POST',
      pathname,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])),
    } as Parameters<typeof OpenApiUtil.getAuthorization>[0],
    'ACS3-HMAC-SHA256',
    String(headers['x-acs-content-sha256']),
    'STS.id',
    SECRET,
  );
  expect(headers.authorization).toBe(asTheSdk);
});

it.each(['', 'a/b/c', '../x', 'a b', 'a/', '/a', 'ä'])('refuses the name "%s"', async (name) => {
  const { client, seen } = await server();
  await expect(client.invoke(name, {})).rejects.toMatchObject({ code: 'InvalidFunctionName' });
  expect(seen).toEqual([]);
});

it('refuses an event over the limit of the kind of call', async () => {
  const { client, seen } = await server();
  const event = Buffer.alloc(128 * 1024 + 1);
  await expect(client.invoke('worker', event, { type: 'async' })).rejects.toMatchObject({
    code: 'PayloadTooLarge',
  });
  expect(seen).toEqual([]);
});

it('gets past a kept connection that died while the instance was frozen', async () => {
  const { url, outcomes } = await staleServer(answering(200, {}));
  const client = clientOf(url);
  await client.invoke('worker', {});
  await client.invoke('worker', {});
  expect(outcomes).toEqual(['answered', 'reset', 'answered']);
});

describe('fan-out', () => {
  it('makes no more calls at a time than allowed, and one that fails does not affect the others', async () => {
    let most = 0;
    let arrived = 0;
    const held: (() => void)[] = [];
    // Answers two at a time, and the fifth by itself.
    const { client } = await server((request, response) => {
      const failed = request.url?.includes('/bad/');
      const headers = {
        'x-fc-request-id': REQUEST_ID,
        ...(failed && { 'x-fc-error-type': 'HandledInvocationError' }),
      };
      arrived++;
      most = Math.max(
        most,
        held.push(() => response.writeHead(200, headers).end()),
      );
      if (held.length === 2 || arrived === 5) for (const answer of held.splice(0)) answer();
    });
    const names = ['a', 'bad', 'not/a/name', 'b', 'c', 'd'];
    const calls = names.map((name) => ({ function: name, event: null }));
    const outcomes = await fanOut(client, calls, { concurrency: 2 });
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, false, true, true, true]);
    expect(most).toBe(2);
  });

  it('starts no call when the time is nearly over', async () => {
    const { client, seen } = await server();
    const deadline = { remaining: () => 1999 };
    const [outcome] = await fanOut(client, [{ function: 'a', event: 1 }], { deadline });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'NotCalled', retryable: true } });
    expect(seen).toEqual([]);
  });
});
