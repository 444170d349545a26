import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LocalCloudError } from '#src/errors';
import { until } from '#src/testing/until';
import { compiled } from '#test/compiled';
import { isRunning, startFixture, writeFunction } from './fixture.ts';

const HANGS = `exports.handler = async () => { console.log('began ' + process.pid); await new Promise(() => {}); };`;

describe('close', () => {
  it('ends within two seconds with work in flight, and leaves no process and no file', async () => {
    const { runtime, printed } = await startFixture();
    await runtime.deploy(writeFunction(HANGS));
    await runtime.deploy(
      writeFunction(
        'exports.handler = async () => ({ pid: process.pid, home: process.env.HOME });',
        {
          name: 'dev-other',
          resource: 'other',
        },
      ),
    );
    const busy = runtime.invoke('sample', Buffer.alloc(0));
    const busyPid = Number((await printed('began')).text.split(' ').at(-1));
    const idle = JSON.parse((await runtime.invoke('other', Buffer.alloc(0))).body.toString());

    await runtime.close();
    expect((await busy).errorType).toBe('UnhandledInvocationError');
    expect([busyPid, idle.pid].filter(isRunning)).toEqual([]);
    expect(existsSync(idle.home)).toBe(false);
    await expect(runtime.invoke('sample', Buffer.alloc(0))).rejects.toMatchObject({
      code: 'ServiceUnavailable',
    });
  });

  it('refuses what still waits for an instance', async () => {
    const { runtime, printed } = await startFixture({ instanceLimit: 1 });
    await runtime.deploy(writeFunction(HANGS));
    const running = runtime.invoke('sample', Buffer.alloc(0));
    await printed('began');
    const waiting = runtime.invoke('sample', Buffer.alloc(0)).catch((error: unknown) => error);
    await runtime.close();
    expect(await waiting).toMatchObject({ code: 'ServiceUnavailable', status: 503 });
    expect((await running).body.toString()).toContain('Process exited unexpectedly');
  });
});

it.skipIf(process.platform === 'win32')(
  'leaves no instance, frozen or in an endless loop, when the runtime is killed with SIGKILL',
  async () => {
    const file = new URL('./killed-runtime.ts', import.meta.url);
    const { codeDir } = writeFunction(`exports.handler = async (event) => {
      if (!event.length) return { pid: process.pid, home: process.env.HOME };
      console.log('looping ' + process.pid); for (;;) {} };`);
    const killed = await compiled(readFileSync(file, 'utf8'));
    onTestFinished(killed.remove);
    const child = spawn(process.execPath, [killed.file, codeDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [printed] = await once(child.stdout, 'data');
    const { pids, home }: { pids: number[]; home: string } = JSON.parse(String(printed));
    expect(pids.filter(isRunning)).toEqual(pids);

    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'exit');
    await until(() => !pids.some(isRunning) && !existsSync(home));
    expect(pids).toHaveLength(2);
  },
);

describe('names', () => {
  it('finds a function by its deployed name and by its key', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(writeFunction('exports.handler = async () => 1;'));
    for (const name of ['sample', 'dev-sample'])
      expect((await runtime.invoke(name, Buffer.alloc(0))).body.toString()).toBe('1');
  });

  it('refuses an unknown one', async () => {
    const { runtime } = await startFixture();
    const unknown = { code: 'FunctionNotFound', message: 'Function "nobody" does not exist' };
    await expect(runtime.invoke('nobody', Buffer.alloc(0))).rejects.toMatchObject(unknown);
    await expect(runtime.fireTimer('nobody')).rejects.toMatchObject(unknown);
    expect(() => runtime.logs('nobody')).toThrow(unknown.message);
    expect(() => runtime.httpTriggerUrl('nobody')).toThrow(unknown.message);
  });
});

it('passes on the error when no credential can be issued', async () => {
  const { runtime } = await startFixture({
    issueCredentials: () => {
      throw new LocalCloudError('NoRole', 'Role "worker" does not exist', 'add it to the template');
    },
  });
  await runtime.deploy(writeFunction('exports.handler = async () => 1;'));
  await expect(runtime.invoke('sample', Buffer.alloc(0))).rejects.toMatchObject({ code: 'NoRole' });
});

it('says so when the port is taken', async () => {
  const { runtime } = await startFixture();
  await expect(startFixture({ port: runtime.port })).rejects.toMatchObject({ code: 'PortTaken' });
});
