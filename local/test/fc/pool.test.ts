import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { until } from '#src/testing/until';
import { isRunning, startFixture, writeFunction } from './fixture.ts';

/**
 * Answers with its process id once the file that the event names exists, or at once without one.
 */
const WAITS_FOR_FILE = `
  const fs = require('node:fs');
  exports.handler = async (event) => {
    console.log('began ' + process.pid);
    while (event.length && !fs.existsSync(String(event))) await new Promise((go) => setTimeout(go, 2));
    return process.pid;
  };`;

const PID = 'exports.handler = async () => process.pid;';

describe('instances', () => {
  it('reuses a warm instance for one request after the other', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(writeFunction(PID));
    const first = await runtime.invoke('sample', Buffer.alloc(0));
    const second = await runtime.invoke('sample', Buffer.alloc(0));
    expect(second.body).toEqual(first.body);
    expect([first.coldStart, second.coldStart]).toEqual([true, false]);
  });

  it('gives each concurrent request its own instance, up to the limit, and queues the rest', async () => {
    const { runtime, lines } = await startFixture({ instanceLimit: 3 });
    const spec = writeFunction(WAITS_FOR_FILE);
    await runtime.deploy(spec);
    const event = Buffer.from(`${spec.codeDir}/index.js.go`);
    const running = Array.from({ length: 8 }, () => runtime.invoke('sample', event));
    const began = (): string[] => lines.map(({ text }) => text.split(' ').at(-1) ?? '');
    await until(() => began().length === 3);
    expect(new Set(began()).size).toBe(3);

    writeFileSync(event, '');
    const pids = (await Promise.all(running)).map(({ body }) => body.toString());
    expect(new Set(pids).size).toBe(3);
    expect(pids).toHaveLength(8);
  });

  it('reports which instances are busy and which are frozen', async () => {
    const { runtime, lines } = await startFixture();
    const spec = writeFunction(WAITS_FOR_FILE);
    await runtime.deploy(spec);
    expect(runtime.instances('sample')).toEqual([]);
    const file = `${spec.codeDir}/go`;
    const running = runtime.invoke('sample', Buffer.from(file));
    await until(() => lines.length === 1);
    const pid = Number(lines[0]?.text.split(' ').at(-1));
    expect(runtime.instances('sample')).toMatchObject([{ pid, state: 'busy' }]);

    writeFileSync(file, '');
    await running;
    expect(runtime.instances('sample')).toMatchObject([{ pid, state: 'frozen' }]);
  });

  it('never runs two requests in one instance at once', async () => {
    const { runtime } = await startFixture({ instanceLimit: 2 });
    await runtime.deploy(
      writeFunction(`let busy = 0; exports.handler = async () => {
        if (++busy > 1) throw new Error('two at once');
        await new Promise((go) => setTimeout(go, 2)); busy--; return 'alone'; };`),
    );
    const results = await Promise.all(
      Array.from({ length: 20 }, () => runtime.invoke('sample', Buffer.alloc(0))),
    );
    expect(new Set(results.map(({ body }) => body.toString()))).toEqual(new Set(['alone']));
  });

  it('stops an instance that has been idle for five minutes', async () => {
    const { runtime, clock } = await startFixture();
    await runtime.deploy(writeFunction(PID));
    const pid = Number((await runtime.invoke('sample', Buffer.alloc(0))).body.toString());
    await clock.advance(4 * 60_000);
    expect(isRunning(pid)).toBe(true);
    await runtime.invoke('sample', Buffer.alloc(0));
    await clock.advance(4 * 60_000);
    expect(isRunning(pid)).toBe(true);
    await clock.advance(60_000);
    const next = await runtime.invoke('sample', Buffer.alloc(0));
    expect(next.coldStart).toBe(true);
    expect(isRunning(pid)).toBe(false);
  });
});

describe('a new version', () => {
  it('takes new requests while the old one finishes its work', async () => {
    const { runtime, printed } = await startFixture();
    const old = writeFunction(WAITS_FOR_FILE);
    await runtime.deploy(old);
    const event = Buffer.from(`${old.codeDir}/go`);
    const running = runtime.invoke('sample', event);
    const pid = Number((await printed('began')).text.split(' ').at(-1));

    await runtime.deploy(writeFunction("exports.handler = async () => 'new';"));
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('new');

    writeFileSync(event, '');
    expect((await running).body.toString()).toBe(String(pid));
    await runtime.close();
    expect(isRunning(pid)).toBe(false);
  });

  it('takes over the requests that were waiting', async () => {
    const { runtime, printed } = await startFixture({ instanceLimit: 1 });
    const old = writeFunction(WAITS_FOR_FILE);
    await runtime.deploy(old);
    const event = Buffer.from(`${old.codeDir}/go`);
    const running = runtime.invoke('sample', event);
    await printed('began');
    const waiting = runtime.invoke('sample', event);
    await runtime.deploy(writeFunction("exports.handler = async () => 'new';"));
    expect((await waiting).body.toString()).toBe('new');

    writeFileSync(event, '');
    expect((await running).errorType).toBeUndefined();
  });

  it('leaves the old one in place when it cannot be deployed', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(writeFunction("exports.handler = async () => 'old';"));
    await expect(
      runtime.deploy(writeFunction('', { handler: 'missing.handler' })),
    ).rejects.toMatchObject({ code: 'CodeNotFound' });
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('old');
  });
});
