// npx tsx --conditions=fc-source local/bench/fc.ts [rounds]
// Invocations per second of the local Function Compute by an HTTP trigger, one at a time on a warm
// instance and 32 at once on 32, compared with a bare pool of processes to which a node:http server
// passes requests, and which gives the same answers; and the CPU time that an invocation takes the
// server and its instances, which says more on a busy machine. Interleaved rounds, medians. Client
// and servers share the machine.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleaved, median, table } from 'fc-measure';

const ROUNDS = Number(process.argv[2] ?? 15);
const ROUND_MS = 500;
const WARM_UPS = 12;
const SERVE = fileURLToPath(new URL('fc/serve.ts', import.meta.url));
const EVENT = JSON.stringify({ order: 'x'.repeat(200) });

interface Server {
  url: string;
  child: ChildProcess;
}

async function serverOf(kind: string, folder: string): Promise<Server> {
  const child = fork(SERVE, [kind, folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [url] = (await once(child, 'message')) as [string];
  return { url, child };
}

function invoke(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST' }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200 && text === 'ok') resolve();
        else reject(new Error(`${answer.statusCode}: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(EVENT);
  });
}

interface Pace {
  /** Invocations per second. */
  rate: number;
  /** Microseconds of CPU time of an invocation. */
  cpu: number;
}

async function cpuOf({ child }: Server): Promise<number> {
  child.send('cpu');
  const [used] = await once(child, 'message');
  return Number(used);
}

/** Invokes for a round, with `atOnce` invocations in progress at any time. */
async function pace(server: Server, atOnce: number): Promise<Pace> {
  const before = await cpuOf(server);
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const start = performance.now();
  let count = 0;
  const one = async () => {
    while (performance.now() - start < ROUND_MS) {
      await invoke(server.url, agent);
      count++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { rate: count / seconds, cpu: ((await cpuOf(server)) - before) / count };
}

interface Paces {
  bare: Pace[];
  local: Pace[];
}

/** Runs rounds of one and the other by turns. */
async function turns(bare: Server, local: Server, atOnce: number): Promise<Paces> {
  const paces: Paces = { bare: [], local: [] };
  const of = (name: keyof Paces, server: Server) => async () => {
    const one = await pace(server, atOnce);
    paces[name].push(one);
    return one.rate;
  };
  await interleaved(ROUNDS, { bare: of('bare', bare), local: of('local', local) });
  return paces;
}

const inverse = (value: number): number => 1 / value;

/** Returns a row of the table, whose ratio is more than 1 where the local one is better. */
function row(
  name: string,
  { bare, local }: Paces,
  goodOf: (pace: Pace) => number,
  shown = (good: number): number => good,
): string[] {
  const ratios = local.map((one, at) => goodOf(one) / goodOf(bare[at] ?? { rate: 0, cpu: 0 }));
  const middle = (paces: Pace[]) => shown(median(paces.map(goodOf))).toFixed(0);
  return [name, middle(bare), middle(local), median(ratios).toFixed(2)];
}

const folder = await mkdtemp(join(tmpdir(), 'bench-fc-'));
const servers: Server[] = [];
try {
  const rows = [['', 'bare pool', 'local', 'ratio']];
  for (const atOnce of [1, 32]) {
    const [bare, local] = await Promise.all(
      ['bare', 'local'].map(async (kind) => {
        const server = await serverOf(kind, await mkdtemp(join(folder, `${kind}-`)));
        servers.push(server);
        return server;
      }),
    );
    if (!bare || !local) throw new Error('a server is missing');
    // Starts the instances, and lets V8 compile: after some thousand invocations what is hot.
    for (const server of [bare, local])
      for (let i = 0; i < WARM_UPS; i++) await pace(server, atOnce);
    const paces = await turns(bare, local, atOnce);
    const how = atOnce === 1 ? 'one after another, one instance' : '32 at once, 32 instances';
    rows.push(row(`invocations a second, ${how}`, paces, ({ rate }) => rate));
    rows.push(row('µs of CPU time of an invocation', paces, ({ cpu }) => 1 / cpu, inverse));
  }
  console.log(table(rows));
} finally {
  for (const { child } of servers) if (child.connected) child.disconnect();
  await Promise.all(servers.map(({ child }) => child.exitCode === null && once(child, 'exit')));
  await rm(folder, { recursive: true, force: true });
}
