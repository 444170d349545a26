// npx tsx --conditions=fc-source bench/fleet.ts [seconds] [concurrency]
// Messages a second by 1, 2, 4, 8 and 16 workers at one queue, each a process that drains with handlers
// that wait 200 ms and effects remembered in OSS. Every 20th message is sent twice. Whether anything was
// lost, or had its effect twice, does not depend on the machine; how far it stays linear does: the services
// and all of the workers share its cores.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { table } from 'fc-measure';
import type { Addresses } from './fleet/account.ts';

const SECONDS = Number(process.argv[2] ?? 6);
const CONCURRENCY = Number(process.argv[3] ?? 2);
const HANDLER_MS = 200;
const WORKERS = [1, 2, 4, 8, 16];
/** Messages a second of one worker that waits for nothing but its handlers. */
const RATE = (CONCURRENCY * 1000) / HANDLER_MS;
/** Processes that were ready to run before this began: if there are more than a few, the rates mean nothing. */
const [LOAD] = loadavg();
const execArgv = ['--import', 'tsx', '--conditions=fc-source'];

const start = (file: string, args: string[] = []): ChildProcess =>
  fork(join(import.meta.dirname, 'fleet', `${file}.ts`), args, { execArgv });

async function said(child: ChildProcess): Promise<Record<string, unknown>> {
  const [message] = await once(child, 'message');
  return message as Record<string, unknown>;
}

/** Measures one number of workers: messages a second, and what became of the messages. */
async function round(cloud: ChildProcess, workers: readonly ChildProcess[]) {
  const count = Math.ceil(SECONDS * RATE * workers.length);
  const bodies = Array.from({ length: count }, (_, n) => JSON.stringify({ n }));
  const twice = bodies.filter((_, n) => n % 20 === 0);
  cloud.send({ fill: [...bodies, ...twice] });
  await said(cloud);

  const begin = performance.now();
  const reports = workers.map(said);
  for (const worker of workers) worker.send(`${workers.length} workers`);
  const effects = (await Promise.all(reports)).flatMap((one) => one.effects as number[]);
  const seconds = (performance.now() - begin) / 1000;

  cloud.send('count');
  const { left } = await said(cloud);
  const different = new Set(effects).size;
  return {
    // A repeated message takes no handler's time.
    rate: count / seconds,
    count,
    lost: count - different,
    repeated: effects.length - different,
    left: Number(left),
  };
}

const children: ChildProcess[] = [];
const rows: string[][] = [];
try {
  const cloud = start('cloud');
  children.push(cloud);
  const addresses = JSON.stringify((await said(cloud)) as unknown as Addresses);
  const workers: ChildProcess[] = [];
  let single = 0;
  for (const wanted of WORKERS) {
    while (workers.length < wanted) {
      const worker = start('worker', [addresses, String(CONCURRENCY), String(HANDLER_MS)]);
      children.push(worker);
      await said(worker);
      workers.push(worker);
    }
    const { rate, count, lost, repeated, left } = await round(cloud, workers.slice(0, wanted));
    if (wanted === 1) single = rate;
    rows.push(
      [
        wanted,
        count,
        rate.toFixed(1),
        (rate / (single * wanted)).toFixed(2),
        lost,
        repeated,
        left,
      ].map(String),
    );
  }
} finally {
  for (const child of children) child.kill();
}
console.log(
  `${CONCURRENCY} handlers of ${HANDLER_MS} ms in each worker, ${availableParallelism()} cores for all, load before ${LOAD?.toFixed(1)}\n`,
);
console.log(
  table([
    ['workers', 'messages', 'a second', 'of linear', 'lost', 'effect twice', 'left in the queue'],
    ...rows,
  ]),
);
