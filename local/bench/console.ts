// npx tsx --conditions=fc-source local/bench/console.ts [rounds]
// What the console's pages cost an account with 100,000 messages, 10,000 objects and 1,000 queues, against
// the overview of an empty account: CPU time of the whole server process for a request, as it is asked by
// another process over one kept connection. Interleaved rounds, medians.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { interleaved, median, table } from 'fc-measure';
import type { Filling } from './console/server.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const REQUESTS = 40;
const FULL: Filling = { messages: 100_000, objects: 10_000, queues: 1000 };
const EMPTY: Filling = { messages: 0, objects: 0, queues: 0 };

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

async function start(filling: Filling) {
  const child = fork(join(import.meta.dirname, 'console/server.ts'), [JSON.stringify(filling)], {
    execArgv: process.execArgv,
  });
  const [url] = await once(child, 'message');
  return {
    url: String(url),
    /** Microseconds of CPU time since it was started. */
    async cpu(): Promise<number> {
      child.send('cpu');
      const [used] = await once(child, 'message');
      return Number(used);
    },
    stop: () => child.kill(),
  };
}

type Server = Awaited<ReturnType<typeof start>>;

function ask(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url}: ${answer.statusCode}`));
      answer.on('end', resolve).on('error', reject).resume();
    }).on('error', reject);
  });
}

/** Microseconds of CPU time of one request. */
async function cost({ url, cpu }: Server, path: string): Promise<number> {
  const before = await cpu();
  for (let nth = 0; nth < REQUESTS; nth++) await ask(url + path);
  return ((await cpu()) - before) / REQUESTS;
}

const empty = await start(EMPTY);
const full = await start(FULL);
try {
  const BASELINE = 'overview of an empty account';
  const contenders = {
    [BASELINE]: () => cost(empty, '/'),
    'overview of the full one': () => cost(full, '/'),
    'map of the full one': () => cost(full, '/map'),
    'queue of 100,000 messages': () => cost(full, '/queues/orders'),
    'bucket of 10,000 objects': () => cost(full, '/buckets/bench-photos?prefix=orders/'),
  };
  // Each once, so that what V8 compiles is compiled.
  await interleaved(2, contenders);
  const results = await interleaved(ROUNDS, contenders);
  const medians = Object.entries(results).map(([name, all]) => [name, median(all)] as const);
  const baseline = new Map(medians).get(BASELINE) ?? Number.NaN;
  console.log(
    table([
      ['page', 'CPU time a request', 'times the baseline'],
      ...medians.map(([name, us]) => [
        name,
        `${(us / 1000).toFixed(2)} ms`,
        (us / baseline).toFixed(2),
      ]),
    ]),
  );
} finally {
  empty.stop();
  full.stop();
  agent.destroy();
}
