import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { FcRuntime } from '#src/fc/runtime';
import type { HttpTriggerSpec } from '#src/project/types';
import { startFixture, writeFunction } from '../fixture.ts';

const ALL: HttpTriggerSpec = {
  type: 'http',
  name: 'web',
  authType: 'anonymous',
  methods: ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'],
};

async function deployHttp(code: string, trigger: Partial<HttpTriggerSpec> = {}) {
  const fixture = await startFixture();
  await fixture.runtime.deploy(writeFunction(code, { triggers: [{ ...ALL, ...trigger }] }));
  return { ...fixture, url: fixture.runtime.httpTriggerUrl('sample') ?? '' };
}

/** Sends a request whose path is not normalised. */
function send(runtime: FcRuntime, path: string, headers = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: runtime.port, path, headers }, resolve);
    sent.on('error', reject);
    sent.end();
  });
}

const ECHO = 'exports.handler = async (event) => ({ statusCode: 200, body: event.toString() });';

describe('the event', () => {
  it('has the documented form', async () => {
    const { url, clock, runtime } = await deployHttp(ECHO);
    const response = await fetch(`${url}orders/caf%C3%A9?size=1&size=2&q=a%20b`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-trace-id': 't1', 'user-agent': 'test' },
      body: '{"name":"é"}',
    });
    const event = JSON.parse(await response.text());
    expect(event).toEqual({
      version: 'v1',
      rawPath: '/orders/caf%C3%A9',
      body: '{"name":"é"}',
      isBase64Encoded: false,
      headers: expect.objectContaining({
        'Content-Type': 'application/json',
        'X-Trace-Id': 't1',
        Host: `127.0.0.1:${runtime.port}`,
      }),
      queryParameters: { size: '1,2', q: 'a b' },
      requestContext: {
        accountId: '1234567890',
        domainName: 'sample.localhost',
        domainPrefix: 'sample',
        http: {
          method: 'POST',
          path: '/orders/café',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: response.headers.get('x-fc-request-id'),
        time: new Date(clock.now()).toISOString().replace(/\.\d+/, ''),
        timeEpoch: String(clock.now()),
      },
    });
    expect(Object.keys(event.headers)).not.toContain('Connection');
  });

  it.each([
    ['binary by its type', 'application/octet-stream', Buffer.from('abc'), 'YWJj', true],
    ['text by its type but not UTF-8', 'text/plain', Buffer.from([0xff, 0x61]), '/2E=', true],
    ['text with a charset', 'text/plain; charset=utf-8', Buffer.from('é'), 'é', false],
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1'), 'a=1', false],
    ['JSON of a kind', 'application/cloudevents+json', Buffer.from('{}'), '{}', false],
  ])('carries a body that is %s', async (_, type, body, expected, isBase64Encoded) => {
    const { url } = await deployHttp(ECHO);
    const headers = { 'content-type': type };
    const response = await fetch(url, { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ body: expected, isBase64Encoded });
  });

  it('joins headers of one name and drops those that are not the client’s to set', async () => {
    const { runtime } = await deployHttp(ECHO);
    const response = await send(runtime, '/sample', {
      'x-many': ['a', 'b'],
      'x-fc-account-id': 'forged',
      connection: 'close',
    });
    let text = '';
    for await (const chunk of response) text += chunk;
    const { headers, rawPath } = JSON.parse(text);
    expect(headers['X-Many']).toBe('a,b');
    expect(Object.keys(headers)).not.toContain('X-Fc-Account-Id');
    expect(rawPath).toBe('/');
  });

  it('survives a path with a broken percent escape', async () => {
    const { runtime } = await deployHttp(ECHO);
    const response = await send(runtime, '/sample/100%/%zz?%=%');
    expect(response.statusCode).toBe(200);
    let text = '';
    for await (const chunk of response) text += chunk;
    expect(JSON.parse(text)).toMatchObject({
      rawPath: '/100%/%zz',
      requestContext: { http: { path: '/100%/%zz' } },
    });
  });

  it('comes by host name too', async () => {
    const { runtime } = await deployHttp(ECHO);
    const response = await send(runtime, '/orders', { host: `sample.localhost:${runtime.port}` });
    let text = '';
    for await (const chunk of response) text += chunk;
    expect(JSON.parse(text).rawPath).toBe('/orders');
  });
});

describe('the response', () => {
  it('has the status, headers and body that the function gave', async () => {
    const { url } = await deployHttp(`exports.handler = async () => ({ statusCode: 201,
      headers: { 'Content-Type': 'text/plain', 'X-Count': 3, Date: 'never', 'content-length': 1 }, body: 'made' });`);
    const response = await fetch(url);
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.get('date')).not.toBe('never');
    expect(await response.text()).toBe('made');
  });

  it('decodes a body that is base64', async () => {
    const { url } = await deployHttp(
      "exports.handler = async () => ({ statusCode: 200, isBase64Encoded: true, body: '/wA=' });",
    );
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(bytes).toEqual(Buffer.from([255, 0]));
  });

  it.each([
    ['an object without statusCode', '({ ok: true })', '{"ok":true}'],
    ['a string', '"plain"', 'plain'],
    ['nothing', 'undefined', ''],
    ['an array', '[1]', '[1]'],
  ])('is a 200 with %s as its body', async (_, value, body) => {
    const { url } = await deployHttp(`exports.handler = async () => ${value};`);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  it.each([
    ['statusCode: "200"', 'statusCode is "200", an integer from 200 to 599 is wanted'],
    ['statusCode: 99', 'statusCode is 99, an integer from 200 to 599 is wanted'],
    ['statusCode: 200, body: { a: 1 }', 'body is of type object, a string is wanted'],
    ['statusCode: 200, headers: { a: ["b"] }', 'header a is ["b"], a string is wanted'],
    ['statusCode: 200, headers: { "a b": "c" }', 'Header name must be a valid HTTP token ["a b"]'],
    ['statusCode: 200, headers: { a: "b\\r\\nc: d" }', 'Invalid character in header content ["a"]'],
  ])('is a 502 that says what is wrong with {%s}', async (fields, message) => {
    const { url } = await deployHttp(`exports.handler = async () => ({ ${fields} });`);
    const response = await fetch(url);
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ errorMessage: `Invalid HTTP response: ${message}` });
  });

  it('is a 502 with the error when the function fails', async () => {
    const { url } = await deployHttp("exports.handler = async () => { throw new Error('oops'); };");
    const response = await fetch(url);
    expect(response.status).toBe(502);
    expect(response.headers.get('x-fc-error-type')).toBe('UnhandledInvocationError');
    expect(await response.json()).toMatchObject({ errorMessage: 'oops', errorType: 'Error' });
  });

  it('has its length, and for HEAD no more than that', async () => {
    const { url } = await deployHttp(
      "exports.handler = async () => ({ statusCode: 200, body: 'ö' });",
    );
    for (const [method, text] of [
      ['GET', 'ö'],
      ['HEAD', ''],
    ] as const) {
      const response = await fetch(url, { method });
      expect([response.status, response.headers.get('content-length')]).toEqual([200, '2']);
      expect(await response.text()).toBe(text);
    }
  });

  it('is without the headers that only the gateway sets, or that no answer can have', async () => {
    const { url } = await deployHttp(`exports.handler = async () => ({ statusCode: 204,
      headers: { Trailer: 'x', 'X-Fc-Request-Id': 'mine', 'Content-Length': '9', A: 'b' } });`);
    const { status, headers } = await fetch(url);
    const [trailer, length, own] = ['trailer', 'content-length', 'a'].map((n) => headers.get(n));
    expect([status, trailer, length, own]).toEqual([204, null, null, 'b']);
    expect(headers.get('x-fc-request-id')).toMatch(/^1-/);
  });
});

describe('a refused request', () => {
  it('refuses a method that the trigger does not list', async () => {
    const { url } = await deployHttp(ECHO, { methods: ['POST'] });
    const response = await fetch(url);
    expect(response.status).toBe(403);
    expect(response.headers.get('x-fc-error-type')).toBe('FCCommonError');
    expect(await response.json()).toEqual({
      RequestId: response.headers.get('x-fc-request-id'),
      Code: 'AccessDenied',
      Message: 'Method GET is not allowed, the HTTP trigger of function "dev-sample" takes POST',
    });
  });

  it('refuses every request where it cannot verify what the trigger asks for', async () => {
    const { url } = await deployHttp(ECHO, { authType: 'other' as 'jwt' });
    const response = await fetch(url);
    expect([response.status, await response.json()]).toMatchObject([403, { Code: 'AccessDenied' }]);
  });

  it('refuses an unknown function, and one without an HTTP trigger', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(writeFunction(ECHO));
    expect(runtime.httpTriggerUrl('sample')).toBeUndefined();
    const codes = ['/nobody/', '/', '/%', '/sample/'].map(async (path) => {
      const response = await fetch(runtime.url + path);
      return [response.status, JSON.parse(await response.text()).Code];
    });
    expect(await Promise.all(codes)).toEqual([
      [404, 'FunctionNotFound'],
      [404, 'FunctionNotFound'],
      [404, 'FunctionNotFound'],
      [404, 'TriggerNotFound'],
    ]);
  });

  it('refuses headers over 8 KB and a path over 4 KB, its query included', async () => {
    const { url, runtime } = await deployHttp(ECHO);
    const path = `/sample/${'p'.repeat(4000)}?${'q'.repeat(94)}`;
    const codes = [
      await send(runtime, path, { 'x-long': 'v'.repeat(8000) }),
      await send(runtime, `${path}q`),
      await send(runtime, '/sample', { 'x-long': 'v'.repeat(8192) }),
    ].map(({ statusCode }) => statusCode);
    expect(codes).toEqual([200, 400, 400]);
    const response = await fetch(`${url}${'p'.repeat(4096)}`);
    expect(await response.json()).toMatchObject({
      Code: 'InvalidArgument',
      Message: 'Path and query have 4097 bytes, 4096 at most are taken',
    });
  });

  it('refuses a body over 32 MB', async () => {
    const { url } = await deployHttp(ECHO);
    const body = Buffer.alloc(32 * 1024 * 1024 + 1);
    const response = await fetch(url, { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ Code: 'EntityTooLarge' });
  });

  it('refuses an invocation type that is neither Sync nor Async', async () => {
    const { url } = await deployHttp(ECHO);
    const response = await fetch(url, { headers: { 'x-fc-invocation-type': 'later' } });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { Code: 'InvalidArgument' },
    ]);
  });
});

it('invokes asynchronously when the caller asks for it', async () => {
  const { url, printed } = await deployHttp('exports.handler = async () => console.log("ran");');
  const response = await fetch(url, { headers: { 'X-Fc-Invocation-Type': 'Async' } });
  expect([response.status, await response.text()]).toEqual([202, '']);
  const line = await printed('ran');
  expect(line.requestId).toBe(response.headers.get('x-fc-request-id'));
});

it('goes on serving when a client leaves in the midst of its body', async () => {
  const { runtime, url } = await deployHttp(ECHO);
  const socket = connect(runtime.port, '127.0.0.1');
  socket.write('POST /sample/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc');
  await new Promise((resolve) => socket.once('ready', resolve));
  socket.destroy();
  expect((await fetch(url)).status).toBe(200);
});

it('answers 200 concurrent requests without an error or a lost answer', async () => {
  const { url } = await deployHttp(`exports.handler = async (event) => {
    await new Promise((go) => setTimeout(go, 20));
    return { statusCode: 200, body: JSON.parse(event).queryParameters.nth }; };`);
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, nth) => (await fetch(`${url}?nth=${nth}`)).text()),
  );
  expect(answers).toEqual(Array.from({ length: 200 }, (_, nth) => String(nth)));
});
