import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { until } from '#src/testing/until';
import { isRunning, startFixture, writeFunction } from './fixture.ts';

const INVOCATIONS = 10_000;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Returns this process's descriptors, and its memory in MB after a collection. */
function held() {
  collect();
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    heapMb: process.memoryUsage().heapUsed / 1024 / 1024,
  };
}

/** Returns this process's children, except for esbuild's own, which stays. */
function children(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, parent] =
          /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return Number(parent) === process.pid && isRunning(pid) && !command.includes('esbuild');
      } catch {
        return false;
      }
    });
}

it.skipIf(process.platform !== 'linux')(
  'ten thousand invocations, some of which kill their instance, leave no process, descriptor or memory',
  async () => {
    const before = { ...held(), children: children().length };
    const { runtime } = await startFixture({ onLog: () => {} });
    await runtime.deploy(
      writeFunction(
        `exports.handler = async (event) => {
          console.log('nth ' + event);
          if (Number(event) % 500 === 499) process.exit(1);
          if (Number(event) % 10 === 9) throw new Error('one in ten');
          return event; };`,
      ),
    );
    const outcomes = { ok: 0, failed: 0, exited: 0 };
    let early = held();
    for (let nth = 0; nth < INVOCATIONS; nth++) {
      if (nth === 1000) early = held();
      const { errorType, body } = await runtime.invoke('sample', Buffer.from(String(nth)));
      if (!errorType) outcomes.ok++;
      else if (body.toString().includes('Process exited')) outcomes.exited++;
      else outcomes.failed++;
    }
    const late = held();
    console.log('after 1,000', early, 'after 10,000', late, outcomes);
    expect(outcomes).toEqual({ ok: 9000, failed: 980, exited: 20 });
    expect(late.descriptors - early.descriptors).toBeLessThanOrEqual(2);
    expect(late.heapMb - early.heapMb).toBeLessThan(5);

    await runtime.close();
    await until(() => children().length <= before.children);
    // esbuild, which compiled the bootstrap of the instance, keeps its own pipes.
    expect(held().descriptors - before.descriptors).toBeLessThanOrEqual(6);
  },
);
