import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '#src/testing/until';
import { folderOf } from '#test/temporary-folder';
import { isRunning, startFixture, writeFunction } from './fixture.ts';

/** The other process is frozen while real time passes here: work instead of a wait. */
function work(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

describe('hooks', () => {
  it('runs the initializer once for each instance, before the first invocation', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(
        `let state = [];
         exports.initialize = async (context) => { state.push('init ' + context.function.name); };
         exports.handler = async () => { state.push('run'); return state; };`,
        { initializer: { handler: 'index.initialize', timeout: 5 } },
      ),
    );
    await runtime.invoke('sample', Buffer.alloc(0));
    const second = await runtime.invoke('sample', Buffer.alloc(0));
    expect(JSON.parse(second.body.toString())).toEqual(['init dev-sample', 'run', 'run']);
  });

  it('reports an initializer that fails, and tries a new instance next', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(
        `exports.initialize = (context, callback) => callback(new Error('no database'));
         exports.handler = async () => 'unreachable';`,
        { initializer: { handler: 'index.initialize', timeout: 5 } },
      ),
    );
    for (let nth = 0; nth < 2; nth++) {
      const result = await runtime.invoke('sample', Buffer.alloc(0));
      expect(result).toMatchObject({ errorType: 'InitializationError', coldStart: true });
      expect(JSON.parse(result.body.toString()).errorMessage).toBe('no database');
    }
    const [{ text } = { text: '' }] = runtime.logs('sample');
    expect(text).toMatch(/ \[error\] Error: no database\r {4}at /);
  });

  it('ends an initializer at its own time limit', async () => {
    const { runtime, clock, printed } = await startFixture();
    await runtime.deploy(
      writeFunction(
        `exports.initialize = () => new Promise(() => console.log('waiting'));
         exports.handler = async () => 'unreachable';`,
        { initializer: { handler: 'index.initialize', timeout: 5 } },
      ),
    );
    const invocation = runtime.invoke('sample', Buffer.alloc(0));
    await printed('waiting');
    await clock.advance(5000);
    const result = await invocation;
    expect(result.errorType).toBe('InitializationError');
    expect(result.body.toString()).toContain('timed out after 5 seconds');
  });

  it('runs preStop before an instance is stopped', async () => {
    const { runtime, lines } = await startFixture();
    await runtime.deploy(
      writeFunction(
        `exports.handler = async () => 1;
         exports.stop = async (context) => console.log('stopping ' + context.function.name);`,
        { preStop: { handler: 'index.stop', timeout: 5 } },
      ),
    );
    await runtime.invoke('sample', Buffer.alloc(0));
    await runtime.close();
    expect(lines.map(({ text }) => text)).toEqual([expect.stringContaining('stopping dev-sample')]);
  });

  it('does not wait for a preStop that never ends when the runtime closes', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(
        'exports.handler = async () => 1; exports.stop = () => new Promise(() => {});',
        {
          preStop: { handler: 'index.stop', timeout: 90 },
        },
      ),
    );
    await runtime.invoke('sample', Buffer.alloc(0));
    await expect(runtime.close()).resolves.toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('from its answer to the next call', () => {
  it('a function runs no timer', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(`const ticks = []; setInterval(() => ticks.push(Date.now()), 1);
        exports.handler = async () => ticks.splice(0);`),
    );
    await runtime.invoke('sample', Buffer.alloc(0));
    for (let nth = 0; nth < 5; nth++) {
      const from = Date.now();
      work(20);
      const to = Date.now();
      const { body } = await runtime.invoke('sample', Buffer.alloc(0));
      const ticks: number[] = JSON.parse(body.toString());
      expect(ticks.filter((at) => at > from && at < to)).toEqual([]);
    }
  });

  it('a function that works on after its answer goes on at the next call', async () => {
    const { runtime } = await startFixture();
    const late = join(folderOf(), 'late');
    await runtime.deploy(
      writeFunction(
        `const { writeFileSync } = require('node:fs');
         exports.handler = async (event) => {
           if (String(event) === 'first') setImmediate(() => writeFileSync(process.env.LATE, ''));
           else await new Promise((go) => setTimeout(go, 1)); };`,
        { environmentVariables: { LATE: late } },
      ),
    );
    await runtime.invoke('sample', Buffer.from('first'));
    work(50);
    expect(existsSync(late)).toBe(false);
    await runtime.invoke('sample', Buffer.from('second'));
    expect(existsSync(late)).toBe(true);
  });

  it('an instance that is called again at once is not stopped by a signal', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(`let continued = 0; process.on('SIGCONT', () => continued++);
        exports.handler = async () => continued;`),
    );
    for (let nth = 0; nth < 20; nth++) {
      const { body } = await runtime.invoke('sample', Buffer.alloc(0));
      expect(body.toString()).toBe('0');
    }
  });

  it('ends with a runtime that is closed', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(writeFunction('exports.handler = async () => process.pid;'));
    const { body } = await runtime.invoke('sample', Buffer.alloc(0));
    await runtime.close();
    expect(isRunning(Number(body.toString()))).toBe(false);
  });
});

describe('freezing', () => {
  it.skipIf(process.platform !== 'linux')(
    'is stopped between invocations, so that its timers stand still',
    async () => {
      const { runtime } = await startFixture();
      await runtime.deploy(
        writeFunction(`let ticks = 0; setInterval(() => ticks++, 1);
        exports.handler = async () => ({ pid: process.pid, ticks });`),
      );
      const first = JSON.parse((await runtime.invoke('sample', Buffer.alloc(0))).body.toString());
      const state = (): string => readFileSync(`/proc/${first.pid}/stat`, 'utf8');
      await until(() => state().includes(') T '));
      const used = (): string => readFileSync(`/proc/${first.pid}/schedstat`, 'utf8');
      const before = used();
      work(50);
      expect(used()).toBe(before);

      const second = JSON.parse((await runtime.invoke('sample', Buffer.alloc(0))).body.toString());
      expect(second.pid).toBe(first.pid);
      expect(second.ticks).toBeGreaterThanOrEqual(first.ticks);
    },
  );
});
