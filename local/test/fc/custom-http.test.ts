import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { freePort } from '#src/fc/custom/wait-until-listening';
import type { FunctionSpec } from '#src/project/types';
import { until } from '#src/testing/until';
import { startFixture, writeFunction } from './fixture.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];

/**
 * Deploys a function whose server handles each request so, and returns the address of its HTTP
 * trigger.
 */
async function served(handle: string, spec: Partial<FunctionSpec> = {}) {
  const fixture = await startFixture();
  const code = `require('node:http').createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    ${handle}
  }).listen(process.env.FC_SERVER_PORT);`;
  const fn = writeFunction(code, {
    runtime: 'custom.debian12',
    runtimeKind: 'custom',
    handler: '',
    custom: { command: ['node', 'index.js'], port: await freePort() },
    triggers: [{ type: 'http', name: 'web', authType: 'anonymous', methods: METHODS }],
    ...spec,
  });
  await fixture.runtime.deploy(fn);
  return { ...fixture, url: fixture.runtime.httpTriggerUrl('sample') ?? '' };
}

it('passes a request to a custom runtime unchanged, and its answer to the client', async () => {
  const { url } = await served(`
    const { method, url, headers } = request;
    response.writeHead(201, [['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2'], ['X-Own', 'yes'], ['X-Fc-Own', 'no']].flat());
    response.end(JSON.stringify({ method, url, headers, body: body.toString('hex') }));`);
  const answer = await fetch(`${url}a%20b/c?x=1&x=2`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/octet-stream',
      'x-fc-request-id': 'mine',
      'x-mine': '1',
    },
    body: Buffer.from([0, 255]),
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect([answer.headers.get('x-own'), answer.headers.get('x-fc-own')]).toEqual(['yes', null]);
  expect(await answer.json()).toMatchObject({
    method: 'PUT',
    url: '/a%20b/c?x=1&x=2',
    body: '00ff',
    headers: {
      host: new URL(url).host,
      'content-type': 'application/octet-stream',
      'x-mine': '1',
      'x-fc-control-path': '/http-invoke',
      'x-fc-request-id': answer.headers.get('x-fc-request-id'),
    },
  });
});

it('a streamed answer is passed on as it comes', async () => {
  const { url } = await served(
    `
    globalThis.open ??= response;
    if (request.url === '/go') { open.end('second'); response.end('gone'); }
    else { response.write('first'); }`,
    { instanceConcurrency: 2, timeout: 60 },
  );
  const request = httpRequest(url);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: string[] = [];
  response.on('data', (chunk) => chunks.push(String(chunk)));
  const end = once(response, 'end');
  await until(() => chunks.length === 1);
  expect(await (await fetch(`${url}go`)).text()).toBe('gone');
  await end;
  expect(chunks).toEqual(['first', 'second']);
});

it('HEAD, 204 and 304 have no body', async () => {
  const { url } = await served(
    'response.statusCode = Number(request.url.slice(1)) || 200; response.end(request.method);',
  );
  const texts = await Promise.all(
    [
      ['', 'HEAD'],
      ['204', 'GET'],
      ['304', 'GET'],
    ].map(async ([path, method = '']) => {
      const answer = await fetch(url + path, { method });
      return `${answer.status} ${await answer.text()}`;
    }),
  );
  expect(texts).toEqual(['200 ', '204 ', '304 ']);
});

it('a program that ends, or takes too long, is a 502 with the error', async () => {
  const { url, printed, clock } = await served(
    "if (request.url === '/exit') process.exit(1); console.log('hangs');",
  );
  const exited = await fetch(`${url}exit`);
  expect(exited.status).toBe(502);
  expect(await exited.text()).toContain('Process exited unexpectedly');
  const hanging = fetch(url);
  await printed('hangs');
  await clock.advance(3000);
  expect(await (await hanging).text()).toContain('Function timed out after 3 seconds');
});

it('a caller who goes away frees the instance', async () => {
  const { url, runtime } = await served("response.write('first');", { timeout: 60 });
  const request = httpRequest(url);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response, 'data');
  response.destroy();
  await until(() => runtime.instances('sample')[0]?.state === 'frozen');
});

it('a program that breaks off its answer breaks off that to the caller, and is ended', async () => {
  const { url, runtime } = await served("response.write('first', () => response.destroy());");
  await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow('terminated');
  await until(() => runtime.instances('sample').length === 0);
});
