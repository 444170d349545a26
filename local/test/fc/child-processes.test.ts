import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { until } from '#src/testing/until';
import { type Fixture, isRunning, startFixture, writeFunction } from './fixture.ts';

/** Starts a child process, then ends, waits forever, or exits, as the event says. */
const SPAWNS = `const { spawn } = require('node:child_process');
exports.handler = async (event) => {
  const { pid } = spawn('sleep', ['600'], { stdio: 'ignore' });
  console.log('spawned ' + pid);
  if (String(event) === 'exit') process.exit(1);
  if (String(event) === 'loop') for (;;) {}
};`;

async function spawnedBy(event: string): Promise<Fixture & { pid: number }> {
  const fixture = await startFixture();
  await fixture.runtime.deploy(writeFunction(SPAWNS, { timeout: 1 }));
  const invocation = fixture.runtime.invoke('sample', Buffer.from(event));
  const pid = Number((await fixture.printed('spawned')).text.split(' ').pop());
  if (event === 'loop') await fixture.clock.advance(1000);
  await invocation;
  return { ...fixture, pid };
}

describe.skipIf(process.platform === 'win32')('a process that a function started', () => {
  it('is frozen with its instance, and ends with it', async () => {
    const { runtime, pid } = await spawnedBy('return');
    if (process.platform === 'linux')
      await until(() => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
    expect(isRunning(pid)).toBe(true);
    await runtime.close();
    await until(() => !isRunning(pid));
  });

  it('ends with an instance that exits', async () => {
    const { pid } = await spawnedBy('exit');
    await until(() => !isRunning(pid));
  });

  it('ends with an instance that is killed at its timeout', async () => {
    const { pid } = await spawnedBy('loop');
    await until(() => !isRunning(pid));
  });
});
