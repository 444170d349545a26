import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { AsyncInvocations } from '#src/fc/async/invocations';
import type { AsyncOutcome } from '#src/fc/async/outcome';
import { lmdbStore } from '#src/fc/async/store/lmdb';
import { memoryStore } from '#src/fc/async/store/memory';
import type { AsyncStore } from '#src/fc/async/store/types';
import type { InvocationResult } from '#src/fc/invocation';
import { startLocalCloud } from '#src/main';
import type { LocalCloudOptions } from '#src/options';
import type { FunctionSpec } from '#src/project/types';
import { until } from '#src/testing/until';
import { compiled } from '#test/compiled';
import { writeProject } from '#test/testing/write-project';
import { startFixture, writeFunction } from '../fixture.ts';

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fc-async-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Run {
  event: string;
  requestId: string;
  retryCount: number;
}

/** Returns only the queue, on `store`: `answer` answers its invocations. */
function queueOn(
  store: AsyncStore,
  clock: DrivenClock,
  {
    answer = async () => ({}),
    functions = ['f'],
    asyncInvoke = {},
    onOutcome = async () => {},
  }: {
    answer?: (run: Run) => Promise<Partial<InvocationResult>>;
    functions?: string[];
    asyncInvoke?: FunctionSpec['asyncInvoke'];
    onOutcome?: (outcome: AsyncOutcome) => Promise<void>;
  } = {},
) {
  const runs: Run[] = [];
  const said: string[] = [];
  const queue = new AsyncInvocations(
    {
      clock,
      find(name) {
        if (!functions.includes(name)) throw new Error('not there');
        return { name, asyncInvoke } as FunctionSpec;
      },
      async run(_, event, { requestId, retryCount }) {
        const run = { event: event.toString(), requestId, retryCount };
        runs.push(run);
        const result = { body: Buffer.alloc(0), requestId, durationMs: 1, coldStart: false };
        return { ...result, ...(await answer(run)) };
      },
      functionArn: (name) => name,
      onOutcome: (_, outcome) => onOutcome(outcome),
      say: (_, text) => said.push(text),
    },
    store,
  );
  return { queue, runs, said, functions };
}

const FAILED = { errorType: 'UnhandledInvocationError' } as const;
const never = () => new Promise<never>(() => {});
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what waits', () => {
  it('for a retry goes on at the next start: same id, next try, at its time, and its outcome is sent', async () => {
    const [folder, clock] = [dataFolder(), new DrivenClock()];
    const first = queueOn(lmdbStore(folder), clock, { answer: async () => FAILED });
    await first.queue.accept('f', Buffer.from('e'), 'R1', 'Timer trigger "tick"');
    await until(() => first.said.length === 1);
    await clock.advance(500);
    await until(() => first.said.length === 2);
    await first.queue.close();

    await clock.advance(400);
    const outcomes: AsyncOutcome[] = [];
    const onOutcome = async (outcome: AsyncOutcome) => void outcomes.push(outcome);
    const second = queueOn(lmdbStore(folder), clock, { onOutcome });
    second.queue.resume();
    expect(second.said).toEqual(['Timer trigger "tick": continues after a restart']);
    await clock.advance(599);
    expect(second.runs).toEqual([]);
    await clock.advance(1);
    await until(() => outcomes.length === 1);
    expect(second.runs).toEqual([{ event: 'e', requestId: 'R1', retryCount: 2 }]);
    expect(outcomes).toMatchObject([{ requestId: 'R1', attempts: 3 }]);
    await second.queue.close();

    const third = queueOn(lmdbStore(folder), clock);
    third.queue.resume();
    await settled();
    expect([third.runs, third.said]).toEqual([[], []]);
    await third.queue.close();
  });

  it('for its end is run again, in the order of its acceptance, each event byte for byte', async () => {
    const [folder, clock] = [dataFolder(), new DrivenClock()];
    const first = queueOn(lmdbStore(folder), clock, { answer: never });
    const events = Array.from({ length: 12 }, (_, nth) => `event ${nth} é`);
    for (const [nth, event] of events.entries())
      await first.queue.accept('f', Buffer.from(event), `R${nth}`, 'x');
    await first.queue.close();
    const second = queueOn(lmdbStore(folder), clock);
    second.queue.resume();
    expect(second.runs.map(({ event }) => event)).toEqual(events);
    await second.queue.accept('f', Buffer.from('later'), 'R99', 'x');
    await second.queue.close();
  });

  it('keeps its age: too old by then, it is not run, and its destination is notified', async () => {
    const [folder, clock] = [dataFolder(), new DrivenClock()];
    const first = queueOn(lmdbStore(folder), clock, { answer: never });
    await first.queue.accept('f', Buffer.from('e'), 'R1', 'x');
    await first.queue.close();
    await clock.advance(61_000);
    const outcomes: AsyncOutcome[] = [];
    const second = queueOn(lmdbStore(folder), clock, {
      asyncInvoke: { maxEventAge: 60 },
      onOutcome: async (outcome) => void outcomes.push(outcome),
    });
    second.queue.resume();
    await until(() => outcomes.length === 1);
    expect(second.runs).toEqual([]);
    expect(outcomes).toMatchObject([{ reason: 'AsyncEventTooOld', result: undefined }]);
    await second.queue.close();
  });

  it('waits for its function to be deployed, seven days at most', async () => {
    const [folder, clock] = [dataFolder(), new DrivenClock()];
    const first = queueOn(lmdbStore(folder), clock, { answer: never });
    await first.queue.accept('f', Buffer.from('e'), 'R1', 'x');
    await first.queue.close();
    const second = queueOn(lmdbStore(folder), clock, { functions: [] });
    second.queue.resume();
    second.functions.push('f');
    second.queue.resume();
    expect(second.runs).toHaveLength(1);
    await second.queue.accept('f', Buffer.from('e'), 'R2', 'x');
    await second.queue.close();

    await clock.advance(604_800_001);
    const third = queueOn(lmdbStore(folder), clock, { functions: [] });
    third.queue.resume();
    await third.queue.close();
    const store = lmdbStore(folder);
    expect([...store.read()]).toEqual([]);
    await store.close();
  });

  it('for its outcome to be sent is not forgotten before', async () => {
    const [folder, clock] = [dataFolder(), new DrivenClock()];
    const store = lmdbStore(folder);
    let send = (): void => {};
    const onOutcome = () => new Promise<void>((resolve) => (send = resolve));
    const { queue, runs } = queueOn(store, clock, { onOutcome });
    await queue.accept('f', Buffer.from('e'), 'R1', 'x');
    await until(() => runs.length === 1);
    await settled();
    expect([...store.read()]).toHaveLength(1);
    const closed = queue.close();
    send();
    await closed;
    const after = lmdbStore(folder);
    expect([...after.read()]).toEqual([]);
    await after.close();
  });
});

describe('an event is accepted', () => {
  it('once it is stored, and run only then', async () => {
    let store = (): void => {};
    const slow = { ...memoryStore(), put: () => new Promise<void>((resolve) => (store = resolve)) };
    const { queue, runs } = queueOn(slow, new DrivenClock());
    let accepted = false;
    const done = queue.accept('f', Buffer.from('e'), 'R1', 'x').then(() => (accepted = true));
    await settled();
    expect([accepted, runs]).toEqual([false, []]);
    store();
    await done;
    expect(runs).toHaveLength(1);
  });

  it('never where it could not be stored, nor run', async () => {
    const full = { ...memoryStore(), put: () => Promise.reject(new Error('no space left')) };
    const { queue, runs } = queueOn(full, new DrivenClock());
    await expect(queue.accept('f', Buffer.from('e'), 'R1', 'x')).rejects.toThrow('no space left');
    await settled();
    expect(runs).toEqual([]);
  });

  it('no more after the end', async () => {
    const { queue } = queueOn(memoryStore(), new DrivenClock());
    await queue.close();
    expect(() => queue.accept('f', Buffer.from('e'), 'R1', 'x')).toThrow('has been stopped');
  });
});

it('runs every one of a hundred accepted events after a kill of the cloud', async () => {
  const [data, code] = [dataFolder(), dataFolder()];
  const fn = { ...writeFunction('', { timeout: 60 }), codeDir: code };
  writeFileSync(join(code, 'index.js'), 'exports.handler = () => new Promise(() => {});');
  const program = `
    import { startRuntime } from '#src/fc/runtime';
    import { realClock } from '#src/clock';
    const runtime = await startRuntime({ clock: realClock, accountId: '1', region: 'cn-hangzhou',
      issueCredentials: () => undefined, environment: {}, instanceLimit: 1, data: ${JSON.stringify(data)} });
    await runtime.deploy(${JSON.stringify(fn)});
    runtime.resume();
    for (let nth = 0; nth < 100; nth++) {
      const { requestId, stored } = runtime.invokeAsync('sample', Buffer.from('event ' + nth));
      void stored.then(() => console.log(requestId));
    }`;
  const cloud = await compiled(program);
  onTestFinished(cloud.remove);
  const child = spawn(process.execPath, [cloud.file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const accepted: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    accepted.push(line);
    if (accepted.length === 100) child.kill('SIGKILL');
  }
  await exited;
  expect(accepted).toHaveLength(100);

  writeFileSync(join(code, 'index.js'), 'exports.handler = async (event) => String(event);');
  const { runtime, clock } = await startFixture({ data });
  expect(clock.pending).toBe(0);
  const ran = new Map<string, string>();
  runtime.observe(({ result }) => ran.set(result.requestId, result.body.toString()));
  await runtime.deploy(fn);
  runtime.resume();
  await until(() => ran.size === 100);
  expect([...ran.keys()].sort()).toEqual(accepted.sort());
  expect(new Set(ran.values()).size).toBe(100);
});

it('is kept by a whole cloud with a data folder, and gone with one in memory', async () => {
  const [data, folder] = [
    dataFolder(),
    writeProject('exports.handler = () => new Promise(() => {});'),
  ];
  const start = (options: LocalCloudOptions) => startLocalCloud({ project: folder, ...options });
  for (const options of [{ data }, {}]) {
    const cloud = await start(options);
    await cloud.fc?.invokeAsync('echo', Buffer.from('kept')).stored;
    await cloud.close();
  }
  writeFileSync(join(folder, 'code', 'index.js'), 'exports.handler = async () => {};');
  for (const [options, expected] of [
    [{ data }, ['kept', 'new']],
    [{}, ['new']],
    [{ data }, ['new']],
  ] as const) {
    const cloud = await start(options);
    const ran: string[] = [];
    cloud.fc?.observe(({ event }) => ran.push(event.toString()));
    await until(() => ran.length === expected.length - 1);
    await cloud.fc?.invoke('echo', Buffer.from('new'));
    expect(ran).toEqual(expected);
    await cloud.close();
  }
});
