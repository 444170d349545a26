// npx tsx --conditions=fc-source local/bench/fc.ts [rounds]
// Invocations per second of the local Function Compute by an HTTP trigger, one at a time on a warm
// instance and 32 at once on 32, compared with a bare pool of processes to which a node:http server
// passes requests, and which gives the same answers. Interleaved rounds, medians. Client and
// servers share the machine.
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

/** Returns invocations per second, with `atOnce` of them in progress at any time. */
async function pace({ url }: Server, atOnce: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const start = performance.now();
  let count = 0;
  const one = async () => {
    while (performance.now() - start < ROUND_MS) {
      await invoke(url, agent);
      count++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return count / seconds;
}

const folder = await mkdtemp(join(tmpdir(), 'bench-fc-'));
const servers: Server[] = [];
try {
  const rows = [['invocations a second', 'bare pool', 'local', 'local / bare']];
  for (const atOnce of [1, 32]) {
    const [bare, local] = await Promise.all(
      ['bare', 'local'].map(async (kind) => {
        const server = await serverOf(kind, await mkdtemp(join(folder, `${kind}-`)));
        servers.push(server);
        return server;
      }),
    );
    if (!bare || !local) throw new Error('a server is missing');
    // Starts the instances, and lets V8 compile.
    for (const server of [bare, local]) for (let i = 0; i < 4; i++) await pace(server, atOnce);
    const rates = await interleaved(ROUNDS, {
      bare: () => pace(bare, atOnce),
      local: () => pace(local, atOnce),
    });
    const ratios = rates.local.map((rate, round) => rate / (rates.bare[round] ?? Number.NaN));
    rows.push([
      atOnce === 1 ? 'one after another, one instance' : '32 at once, 32 instances',
      median(rates.bare).toFixed(0),
      median(rates.local).toFixed(0),
      median(ratios).toFixed(2),
    ]);
  }
  console.log(table(rows));
} finally {
  for (const { child } of servers) if (child.connected) child.disconnect();
  await Promise.all(servers.map(({ child }) => child.exitCode === null && once(child, 'exit')));
  await rm(folder, { recursive: true, force: true });
}
