import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '#src/fc/custom/wait-until-listening';
import type { FunctionSpec } from '#src/project/types';
import { until } from '#src/testing/until';
import { custom, pathIn } from './custom-function.ts';
import { isRunning, startFixture } from './fixture.ts';

describe('a custom runtime', () => {
  it('is sent an event as POST /invoke, with the headers of Function Compute', async () => {
    const { runtime } = await startFixture({
      issueCredentials: () => ({
        accessKeyId: 'id',
        accessKeySecret: 'key',
        securityToken: 'token',
      }),
    });
    await runtime.deploy(
      await custom('response.end(JSON.stringify({ seen, body, headers: request.headers }));'),
    );
    const { body, coldStart, errorType } = await runtime.invoke('sample', Buffer.from('{"a":1}'));
    expect({ coldStart, errorType }).toEqual({ coldStart: true, errorType: undefined });
    expect(JSON.parse(body.toString())).toMatchObject({
      seen: ['POST /invoke'],
      body: '{"a":1}',
      headers: {
        'content-type': 'application/octet-stream',
        'x-fc-control-path': '/invoke',
        'x-fc-request-id': expect.stringMatching(/^1-/),
        'x-fc-access-key-id': 'id',
        'x-fc-access-key-secret': 'key',
        'x-fc-security-token': 'token',
        'x-fc-function-name': 'dev-sample',
        'x-fc-function-memory': '256',
        'x-fc-function-timeout': '3',
        'x-fc-region': 'cn-hangzhou',
        'x-fc-account-id': '1234567890',
        'x-fc-qualifier': 'LATEST',
      },
    });
    expect((await runtime.invoke('sample', Buffer.alloc(0))).coldStart).toBe(false);
  });

  it.each([
    ['x-fc-status 404', "response.setHeader('x-fc-status', '404'); response.end('no');"],
    ['status 404', "response.statusCode = 404; response.end('no');"],
    ['status 500', "response.statusCode = 500; response.end('no');"],
  ])('says by %s that it failed, and runs on', async (_, handle) => {
    const { runtime } = await startFixture();
    await runtime.deploy(await custom(handle));
    const first = await runtime.invoke('sample', Buffer.alloc(0));
    expect(first).toMatchObject({ errorType: 'UnhandledInvocationError', coldStart: true });
    expect(first.body.toString()).toBe('no');
    expect((await runtime.invoke('sample', Buffer.alloc(0))).coldStart).toBe(false);
  });

  it('is initialized before its first event, and notified of its end', async () => {
    const { runtime, printed } = await startFixture();
    const hooks = {
      initializer: { handler: 'any', timeout: 3 },
      preStop: { handler: 'any', timeout: 3 },
    };
    const stopped = pathIn();
    const handle = `if (request.url === '/pre-stop') require('node:fs').writeFileSync(${JSON.stringify(stopped)}, seen.join());
      console.log('heard ' + seen.join()); response.end();`;
    await runtime.deploy(await custom(handle, hooks));
    await runtime.invoke('sample', Buffer.alloc(0));
    await printed('heard POST /initialize,POST /invoke');
    await runtime.close();
    expect(readFileSync(stopped, 'utf8')).toBe('POST /initialize,POST /invoke,GET /pre-stop');
  });

  it('runs initializer.command, whose failure is an InitializationError', async () => {
    const { runtime, printed } = await startFixture();
    const initializer = (script: string) => ({
      handler: '',
      timeout: 3,
      command: ['sh', '-c', script],
    });
    await runtime.deploy(
      await custom("response.end('ok');", { initializer: initializer('echo prepared') }),
    );
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('ok');
    await printed('prepared');
    await runtime.deploy(await custom('', { initializer: initializer('exit 3') }));
    const failed = await runtime.invoke('sample', Buffer.alloc(0));
    expect(failed.errorType).toBe('InitializationError');
    expect(JSON.parse(failed.body.toString()).errorMessage).toBe('Initializer ended with 3');
  });

  it('is ready once its health check passes', async () => {
    const { runtime } = await startFixture();
    const port = await freePort();
    const fn = await custom(
      "if (request.url === '/ready' && seen.length < 3) response.statusCode = 503; response.end(seen.join());",
      {
        custom: {
          command: ['node', '/code/index.js'],
          port,
          healthCheck: {
            httpGetUrl: '/ready',
            initialDelaySeconds: 0,
            periodSeconds: 0.01,
            timeoutSeconds: 1,
            failureThreshold: 5,
            successThreshold: 1,
          },
        },
      },
    );
    await runtime.deploy(fn);
    const { body } = await runtime.invoke('sample', Buffer.alloc(0));
    expect(body.toString()).toBe('GET /ready,GET /ready,GET /ready,POST /invoke');
  });

  it('is initialized before its health is looked at', async () => {
    const { runtime } = await startFixture();
    const fn = await custom(
      "if (request.url === '/ready' && seen[0] !== 'POST /initialize') response.statusCode = 500; response.end(seen.join());",
      {
        initializer: { handler: 'any', timeout: 3 },
        custom: {
          command: ['node', '/code/index.js'],
          port: await freePort(),
          healthCheck: {
            httpGetUrl: '/ready',
            initialDelaySeconds: 0,
            periodSeconds: 0.01,
            timeoutSeconds: 1,
            failureThreshold: 1,
            successThreshold: 1,
          },
        },
      },
    );
    await runtime.deploy(fn);
    const { body } = await runtime.invoke('sample', Buffer.alloc(0));
    expect(body.toString()).toBe('POST /initialize,GET /ready,POST /invoke');
  });

  it('takes as many requests at once as instanceConcurrency says, then another instance does', async () => {
    const { runtime, lines } = await startFixture();
    const release = pathIn();
    const handle = `console.log('began'); while (!existsSync(${JSON.stringify(release)})) await pause();
      response.end(String(process.pid));`;
    await runtime.deploy(await custom(handle, { instanceConcurrency: 3, timeout: 60 }));
    const running = Array.from({ length: 5 }, () => runtime.invoke('sample', Buffer.alloc(0)));
    await until(() => lines.filter(({ text }) => text === 'began').length === 5);
    writeFileSync(release, '');
    const pids = (await Promise.all(running)).map(({ body }) => body.toString());
    const counts = [...new Set(pids)].map((pid) => pids.filter((one) => one === pid).length);
    expect(counts.sort()).toEqual([2, 3]);
    expect(runtime.instances('sample').map(({ state }) => state)).toEqual(['frozen', 'frozen']);
  });

  it('is ended by its timeout, and another instance answers the next', async () => {
    const { runtime, clock, printed } = await startFixture();
    await runtime.deploy(
      await custom("console.log('hangs ' + process.pid); if (body) response.end('ok');"),
    );
    const hanging = runtime.invoke('sample', Buffer.alloc(0));
    const pid = Number((await printed('hangs')).text.split(' ').at(-1));
    await clock.advance(3000);
    expect(JSON.parse((await hanging).body.toString()).errorMessage).toMatch(
      /^Function timed out after 3 seconds/,
    );
    expect(isRunning(pid)).toBe(false);
    expect((await runtime.invoke('sample', Buffer.from('x'))).body.toString()).toBe('ok');
  });

  it('has its lines by the request that they say, or by the one that runs', async () => {
    const { runtime, printed } = await startFixture();
    await runtime.deploy(
      await custom(`if (body) console.log('FC Invoke Start RequestId: ' + body);
        console.log('line for ' + body);
        if (body) console.log('FC Invoke End RequestId: ' + body);
        response.end();`),
    );
    await runtime.invoke('sample', Buffer.from('1-said'), { requestId: '1-mine' });
    expect((await printed('line for 1-said')).requestId).toBe('1-said');
    await runtime.invoke('sample', Buffer.alloc(0), { requestId: '1-mine' });
    await until(() => runtime.logs('sample').some(({ text }) => text === 'line for '));
    expect(runtime.logs('sample').at(-1)).toMatchObject({ requestId: '1-mine' });
  });

  it('that exits is reported, and the next request starts it again', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(await custom("if (!body) process.exit(1); response.end('ok');"));
    const { body } = await runtime.invoke('sample', Buffer.alloc(0));
    expect(JSON.parse(body.toString()).errorMessage).toMatch(/^Process exited unexpectedly/);
    expect((await runtime.invoke('sample', Buffer.from('x'))).body.toString()).toBe('ok');
  });
});

describe('a custom runtime is refused at deployment', () => {
  const refusal = async (spec: Partial<FunctionSpec>) => {
    const { runtime } = await startFixture();
    return expect(runtime.deploy(await custom('', spec))).rejects;
  };

  it('that is started by a program which is not on this machine', async () => {
    await (
      await refusal({ custom: { command: ['no-such-language', 'a'], port: 9000 } })
    ).toMatchObject({
      code: 'RuntimeNotHere',
      message:
        'Function "dev-sample" (s.yaml:7) is started with no-such-language, which is not on this machine',
    });
  });

  it('without the bootstrap that it is started by', async () => {
    await (await refusal({ custom: { port: 9000 } })).toMatchObject({
      code: 'CodeNotFound',
      message: expect.stringMatching(/has no code: \/.*\/bootstrap is missing$/),
    });
  });

  it.skipIf(process.platform === 'win32')('whose bootstrap cannot be run', async () => {
    const { runtime } = await startFixture();
    const fn = await custom("response.end('ran');", { custom: { port: await freePort() } });
    const bootstrap = join(fn.codeDir, 'bootstrap');
    writeFileSync(bootstrap, '#!/bin/sh\nexec node index.js\n', { mode: 0o644 });
    await expect(runtime.deploy(fn)).rejects.toMatchObject({
      code: 'NotExecutable',
      message: `Function "dev-sample" (s.yaml:7): ${bootstrap} cannot be run`,
      remedy: 'chmod +x it',
    });
    chmodSync(bootstrap, 0o755);
    await runtime.deploy(fn);
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('ran');
  });
});
