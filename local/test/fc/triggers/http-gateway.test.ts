import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { httpAnswer } from '#src/fc/triggers/http-response';
import { deploy, METHODS } from './gateway.ts';

function cors(headers: IncomingMessage['headers']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('access-control-')),
  );
}

const ORIGIN = 'https://shop.example.com';
const PREFLIGHT = {
  origin: ORIGIN,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'content-type,x-trace',
};

describe('another origin', () => {
  it('is let in by default: the answer echoes it, with credentials and the headers to be seen', async () => {
    const { send } = await deploy();
    expect(cors((await send('POST', { origin: ORIGIN })).headers)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Date,x-fc-request-id',
    });
    expect(cors((await send('POST')).headers)).toEqual({
      'access-control-expose-headers': 'Date,x-fc-request-id',
    });
  });

  it('gets the same for an asynchronous invocation', async () => {
    const { send } = await deploy();
    const { status, headers } = await send('POST', {
      origin: ORIGIN,
      'x-fc-invocation-type': 'Async',
    });
    expect([status, headers['access-control-allow-origin']]).toEqual([202, ORIGIN]);
  });

  it('meets the function’s own headers alone, where it has any', async () => {
    const { send } = await deploy();
    const answer = { statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } };
    expect(cors((await send('POST', { origin: ORIGIN }, answer)).headers)).toEqual({
      'access-control-allow-origin': '*',
    });
  });

  it('is answered its preflight by the gateway, where OPTIONS is not among the methods', async () => {
    const { send } = await deploy();
    const { status, headers, text } = await send('OPTIONS', PREFLIGHT);
    expect([status, text, cors(headers)]).toEqual([
      200,
      '',
      {
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET,POST,HEAD',
        'access-control-allow-headers': 'content-type,x-trace',
      },
    ]);
    expect((await send('OPTIONS', { origin: ORIGIN })).status).toBe(403);
  });

  it('is answered its preflight by the function, where OPTIONS is among them', async () => {
    const { send } = await deploy({ methods: ['POST', 'OPTIONS'] });
    const { text } = await send('OPTIONS', PREFLIGHT);
    expect(JSON.parse(text).requestContext.http.method).toBe('OPTIONS');
  });

  const configured = {
    allowOrigins: ['https://*.example.com', 'http://localhost:3000'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['Content-Type', 'X-Trace'],
    exposeHeaders: ['X-Count'],
    allowCredentials: true,
    maxAge: 600,
  };

  it('meets what corsConfig says, and not what the function does', async () => {
    const { send } = await deploy({ cors: configured, methods: [...METHODS, 'OPTIONS'] });
    expect(cors((await send('OPTIONS', PREFLIGHT)).headers)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'content-type,x-trace',
      'access-control-max-age': '600',
    });
    const answer = { statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } };
    expect(cors((await send('POST', { origin: ORIGIN }, answer)).headers)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'X-Count',
    });
  });

  it.each([
    ['origin', { origin: 'https://example.com.evil.org' }],
    ['origin', { origin: 'https://example.com' }],
    ['method', { 'access-control-request-method': 'DELETE' }],
    ['header', { 'access-control-request-headers': 'content-type,x-other' }],
  ])('is allowed nothing when corsConfig does not allow its %s', async (_, wrong) => {
    const { send } = await deploy({ cors: configured });
    expect(cors((await send('OPTIONS', { ...PREFLIGHT, ...wrong })).headers)).toEqual({});
    if ('origin' in wrong) expect(cors((await send('POST', wrong)).headers)).toEqual({});
  });
});

describe('headers', () => {
  it('of the response over 8 KB are a 502 BadResponse, and 8 KB are none', async () => {
    const { send } = await deploy();
    const answer = (length: number) => ({ statusCode: 200, headers: { a: 'b'.repeat(length) } });
    expect((await send('POST', {}, answer(8191))).status).toBe(200);
    const { status, text, headers } = await send('POST', {}, answer(8192));
    expect([status, headers['x-fc-error-type']]).toEqual([502, 'UnhandledInvocationError']);
    expect(JSON.parse(text)).toEqual({
      RequestId: headers['x-fc-request-id'],
      Code: 'BadResponse',
      Message: 'Headers of the response have 8193 bytes, 8192 at most are taken',
    });
  });

  it('Set-Cookie keep every cookie, from a list and from each spelling', async () => {
    const { send } = await deploy();
    const headers = {
      'Set-Cookie': ['a=1', 'b=2; Path=/'],
      'set-cookie': 'c=3',
      'SET-COOKIE': 'd=4',
    };
    const answer = await send('POST', {}, { statusCode: 200, headers });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2; Path=/', 'c=3', 'd=4']);
  });

  it.each([
    [{ Vary: 'A', vary: 'B' }, 'vary', 'A, B'],
    [{ 'Content-Type': 'text/plain', 'content-type': 'text/css' }, 'content-type', 'text/css'],
    [{ constructor: 'x' }, 'constructor', 'x'],
  ])('of two spellings %j are one', (headers, name, value) => {
    const body = Buffer.from(JSON.stringify({ statusCode: 200, headers }));
    expect(httpAnswer({ body }).headers).toHaveProperty([name], value);
  });

  it('of one connection do not pass the gateway, either way', async () => {
    const { send } = await deploy();
    const passing = {
      connection: 'close, x-hop',
      'x-hop': '1',
      te: 'trailers',
      'proxy-connection': 'close',
      'x-a': '1',
    };
    const { headers } = JSON.parse((await send('POST', passing)).text);
    expect(Object.keys(headers).sort()).toEqual(
      ['Host', 'X-A', ...(headers['Content-Length'] ? ['Content-Length'] : [])].sort(),
    );
    const answer = await send(
      'POST',
      {},
      { statusCode: 200, headers: { TE: 'x', 'Proxy-Connection': 'x', 'X-A': '1' } },
    );
    expect([answer.headers.te, answer.headers['proxy-connection'], answer.headers['x-a']]).toEqual([
      undefined,
      undefined,
      '1',
    ]);
  });

  it('Cookie of two lines are joined by "; ", others by a comma', async () => {
    const { runtime } = await deploy();
    const text = await raw(
      runtime.port,
      'GET /sample/?Cookie=1&Cookie=2 HTTP/1.1\r\nHost: x\r\nCookie: a=1\r\nX-A: 1\r\ncookie: b=2\r\nX-A: 2\r\nConnection: close\r\n\r\n',
    );
    const { headers, queryParameters } = JSON.parse(text.slice(text.indexOf('\r\n\r\n')));
    expect([headers.Cookie, headers['X-A'], queryParameters]).toEqual([
      'a=1; b=2',
      '1,2',
      { Cookie: '1,2' },
    ]);
  });
});

describe('bodies', () => {
  it.each([204, 304])('are none with %d, whatever the function gave', async (statusCode) => {
    const { send } = await deploy();
    const { status, headers, text } = await send('POST', {}, { statusCode, body: 'ignored' });
    expect([status, text, headers['content-length']]).toEqual([statusCode, '', undefined]);
  });

  it('come in chunks, and after a 100 Continue', async () => {
    const { runtime } = await deploy();
    const chunked = await raw(
      runtime.port,
      'POST /sample/ HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    );
    expect(JSON.parse(chunked.slice(chunked.indexOf('\r\n\r\n')))).toMatchObject({ body: 'abcde' });
    const continued = await raw(
      runtime.port,
      'POST /sample/ HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\nabc',
    );
    expect(continued).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(continued).toContain('"body":"abc"');
  });
});

it.each([
  ['path', { path: `/sample/${'p'.repeat(60_000)}` }],
  ['header', { path: '/sample/', headers: { 'x-long': 'v'.repeat(60_000) } }],
])('says of a very long %s that it is too long', async (_, how) => {
  const { runtime } = await deploy();
  const [status, text] = await new Promise<[number, string]>((resolve, reject) => {
    const sent = request({ port: runtime.port, ...how }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve([response.statusCode ?? 0, body]);
    });
    sent.on('error', reject);
    sent.end();
  });
  expect([status, JSON.parse(text).Code]).toEqual([400, 'InvalidArgument']);
});

/** Sends these bytes, and returns the answer until the server ends the connection. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}
