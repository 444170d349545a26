import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#src/fc/custom/wait-until-listening';
import type { FunctionSpec } from '#src/project/types';
import { custom, pathIn } from './custom-function.ts';
import { startFixture } from './fixture.ts';

describe('a custom runtime that listens on its own port whatever it is given', () => {
  const PID = 'response.end(String(process.pid));';

  const FIRST = { name: 'dev-first', resource: 'first' };

  async function fixed(
    port: number,
    spec: Partial<FunctionSpec> = {},
    handle = PID,
  ): Promise<FunctionSpec> {
    const custom_ = { command: ['node'], args: ['index.js'], port };
    const environmentVariables = { PORT: String(port) };
    return custom(handle, { custom: custom_, environmentVariables, ...spec });
  }

  it('runs, one instance at a time, which is reported', async () => {
    const { runtime, printed } = await startFixture();
    const port = await freePort();
    await runtime.deploy(await fixed(port));
    const all = await Promise.all(
      Array.from({ length: 5 }, () => runtime.invoke('sample', Buffer.alloc(0))),
    );
    expect(new Set(all.map(({ body }) => body.toString())).size).toBe(1);
    await printed(`Listens on port ${port} and not on the one that FC_SERVER_PORT names`);
  });

  it('gives its port to the next version', async () => {
    const { runtime } = await startFixture();
    const port = await freePort();
    await runtime.deploy(await fixed(port));
    const first = await runtime.invoke('sample', Buffer.alloc(0));
    await runtime.deploy(await fixed(port));
    const second = await runtime.invoke('sample', Buffer.alloc(0));
    expect([first.errorType, second.errorType]).toEqual([undefined, undefined]);
    expect(second.body.toString()).not.toBe(first.body.toString());
  });

  const WAITS = (path: string): string =>
    `while (!existsSync(${JSON.stringify(path)})) await pause(); response.end('first');`;

  it('has it from another function whose instance is idle, and the other from it', async () => {
    const { runtime } = await startFixture();
    const port = await freePort();
    await runtime.deploy(await fixed(port, FIRST));
    await runtime.deploy(await fixed(port));
    for (const name of ['first', 'sample', 'first', 'sample'])
      expect((await runtime.invoke(name, Buffer.alloc(0))).errorType).toBeUndefined();
    expect(runtime.instances('first')).toEqual([]);
  });

  it('waits for another function that is busy on it, and for all that wait at both', async () => {
    const { runtime, printed } = await startFixture();
    const port = await freePort();
    const release = pathIn();
    await runtime.deploy(await fixed(port, FIRST, `console.log('begun'); ${WAITS(release)}`));
    await runtime.deploy(await fixed(port));
    const first = [runtime.invoke('first', Buffer.alloc(0))];
    await printed('begun');
    const seconds = [1, 2].map(() => runtime.invoke('sample', Buffer.alloc(0)));
    first.push(runtime.invoke('first', Buffer.alloc(0)));
    await printed(`Port ${port} was held by function "dev-first"`);
    writeFileSync(release, '');
    for (const result of await Promise.all([...first, ...seconds]))
      expect(result.errorType).toBeUndefined();
  });

  it('waits no longer than the limit of its own request', async () => {
    const { runtime, printed, clock } = await startFixture();
    const port = await freePort();
    const busy = { ...FIRST, timeout: 60 };
    await runtime.deploy(await fixed(port, busy, `console.log('begun'); ${WAITS(pathIn())}`));
    await runtime.deploy(await fixed(port));
    void runtime.invoke('first', Buffer.alloc(0));
    await printed('begun');
    const second = runtime.invoke('sample', Buffer.alloc(0));
    await printed(`Port ${port} was held by function "dev-first"`);
    clock.advance(3000);
    const { errorMessage } = JSON.parse((await second).body.toString());
    expect(errorMessage).toMatch(
      `Port ${port} was not free within 3 seconds: function "dev-first" is busy on it`,
    );
  });

  it('that is being started is waited for beyond the time of a request, as it may come to listen there', async () => {
    const { runtime, clock, lines, printed } = await startFixture();
    const port = await freePort();
    const release = pathIn();
    const slowly = `console.log('begun'); const { existsSync } = require('node:fs');
      const look = setInterval(() => {
        if (!existsSync(${JSON.stringify(release)})) return;
        clearInterval(look);
        require('./index.js');
      }, 2);`;
    const slow = { command: ['node', '-e', slowly], port };
    await runtime.deploy(await fixed(port, { ...FIRST, custom: slow }));
    await runtime.deploy(await fixed(port));
    const first = runtime.invoke('first', Buffer.alloc(0));
    await printed('begun');
    const second = runtime.invoke('sample', Buffer.alloc(0));
    const said = `Waits for port ${port}: function "dev-first" is being started, and may come to listen on it`;
    await expect
      .poll(
        () => {
          clock.advance(3000);
          return lines.some(({ text }) => text.includes(said));
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    writeFileSync(release, '');
    const errors = [await first, await second].map(({ errorType }) => errorType);
    expect(errors).toEqual([undefined, undefined]);
  });

  it('keeps no one waiting who listens where FC_SERVER_PORT says', async () => {
    const { runtime, printed } = await startFixture();
    const port = await freePort();
    const release = pathIn();
    await runtime.deploy(await fixed(port, FIRST, `console.log('begun'); ${WAITS(release)}`));
    await runtime.deploy(await custom(PID, { custom: { command: ['node', 'index.js'], port } }));
    const first = runtime.invoke('first', Buffer.alloc(0));
    await printed('begun');
    expect((await runtime.invoke('sample', Buffer.alloc(0))).errorType).toBeUndefined();
    writeFileSync(release, '');
    expect((await first).body.toString()).toBe('first');
  });

  it('does not start where another program has the port, which is reported with the remedy', async () => {
    const { runtime, printed } = await startFixture();
    const other = createServer();
    onTestFinished(() => void other.close());
    const taken = await freePort();
    await new Promise<void>((resolve) => other.listen(taken, '127.0.0.1', resolve));
    await runtime.deploy(await fixed(taken));
    const { body, errorType } = await runtime.invoke('sample', Buffer.alloc(0));
    expect(errorType).toBeDefined();
    expect(body.toString()).toMatch(
      `The program ended before it listened. Port ${taken} is taken by another program: listen on the port that FC_SERVER_PORT names`,
    );
    await printed(`Port ${taken} is taken by another program`);
  });

  it('that fails its health check is not reported to lack the port that it has', async () => {
    const { runtime, lines } = await startFixture();
    const port = await freePort();
    const healthCheck = {
      httpGetUrl: '/ready',
      initialDelaySeconds: 0,
      periodSeconds: 0.01,
      timeoutSeconds: 1,
      failureThreshold: 2,
      successThreshold: 1,
    };
    const custom_ = { command: ['node'], args: ['index.js'], port, healthCheck };
    await runtime.deploy(
      await fixed(port, { custom: custom_ }, 'response.statusCode = 500; response.end();'),
    );
    const { body } = await runtime.invoke('sample', Buffer.alloc(0));
    expect(JSON.parse(body.toString())).toEqual({
      errorMessage: 'The health check /ready failed 2 times',
    });
    expect(lines.map(({ text }) => text)).not.toContainEqual(expect.stringContaining('taken'));
  });
});
