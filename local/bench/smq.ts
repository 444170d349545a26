// npx tsx --conditions=fc-source local/bench/smq.ts [--quick]
// CPU time a request and requests a second of the local SMQ, in memory and durable, as a share of
// what a bare node:http server answering the same bytes takes from the same client; then what a
// send costs in a queue of a million messages. Interleaved rounds, medians. CPU time is that of the
// whole server process, LMDB's threads included; it says more than the rate where client and
// server share the machine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUEUE } from './smq/account.ts';
import { type Child, startChild } from './smq/child.ts';
import { type Answer, Connection, signedRequest } from './smq/client.ts';
import type { Canned } from './smq/server.ts';

const CONNECTIONS = 32;
const ROUNDS = 15;
const ROUND_MS = 170;
/** Before the first round of each, so that what V8 compiles is compiled. */
const WARM_UP_MS = 2000;
const MESSAGES = `/queues/${QUEUE}/messages`;
const SMALL = 1000;
const LARGE = 1_000_000;
const DEPTH_ROUNDS = 15;
const DEPTH_ROUND_MS = 200;

/** What one connection does over and over; resolves to the number of requests. */
type Work = (connection: Connection) => Promise<number>;

const send: Work = async (connection) => {
  expectStatus(await connection.send(sendRequest()), 201);
  return 1;
};

const cycle: Work = async (connection) => {
  expectStatus(await connection.send(sendRequest()), 201);
  const received = expectStatus(await connection.send(receiveRequest()), 200);
  const handle = /<ReceiptHandle>([^<]+)/.exec(received.body)?.[1] ?? '';
  const target = `${MESSAGES}?ReceiptHandle=${encodeURIComponent(handle)}`;
  expectStatus(await connection.send(signedRequest('DELETE', target)), 204);
  return 3;
};

let sent = 0;
function sendRequest(): Buffer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Message xmlns="http://mns.aliyuncs.com/doc/v1/"><MessageBody>order ${sent++}</MessageBody><Priority>8</Priority></Message>`;
  return signedRequest('POST', MESSAGES, body);
}

function receiveRequest(): Buffer {
  return signedRequest('GET', `${MESSAGES}?waitseconds=0`);
}

function expectStatus(answer: Answer, wanted: number): Answer {
  if (answer.status !== wanted) throw new Error(`${answer.status}: ${answer.body}`);
  return answer;
}

interface Pace {
  /** Requests a second. */
  rate: number;
  /** Microseconds of the server's CPU time a request. */
  cpu: number;
}

async function round(child: Child, work: Work, ms = ROUND_MS): Promise<Pace> {
  const connections = Array.from({ length: CONNECTIONS }, () => new Connection(child.port));
  const cpuBefore = await child.order({ do: 'cpu' });
  const start = performance.now();
  const end = start + ms;
  const counts = await Promise.all(
    connections.map(async (connection) => {
      let count = 0;
      while (performance.now() < end) count += await work(connection);
      return count;
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const cpu = (await child.order({ do: 'cpu' })) - cpuBefore;
  for (const connection of connections) connection.close();
  const requests = counts.reduce((sum, count) => sum + count);
  return { rate: requests / seconds, cpu: cpu / requests };
}

/** The answers of a real SMQ, for the bare server to give. */
async function record({ port }: Child): Promise<Canned> {
  const connection = new Connection(port);
  const canned: Canned = {};
  const keep = (method: string, { status, head, body }: Answer): Answer => {
    const lines = head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': '));
    const headers = Object.fromEntries(
      lines.filter(([name = '']) => !/^(date|connection|keep-alive)$/i.test(name)),
    );
    canned[method] = { status, headers, body };
    return { status, head, body };
  };
  keep('POST', await connection.send(sendRequest()));
  const { body } = keep('GET', await connection.send(receiveRequest()));
  const handle = encodeURIComponent(/<ReceiptHandle>([^<]+)/.exec(body)?.[1] ?? '');
  const target = `${MESSAGES}?ReceiptHandle=${handle}`;
  keep('DELETE', await connection.send(signedRequest('DELETE', target)));
  connection.close();
  return canned;
}

async function ratios(children: Child[], what: string, work: Work): Promise<void> {
  const paces = new Map(children.map(({ name }) => [name, [] as Pace[]]));
  for (const child of children) await round(child, work, WARM_UP_MS);
  for (let i = 0; i < ROUNDS; i++)
    for (const child of children) {
      await child.order({ do: 'empty' });
      paces.get(child.name)?.push(await round(child, work));
    }
  const bare = medianPace(paces.get('bare') ?? []);
  for (const [name, measured] of paces) {
    const { rate, cpu } = medianPace(measured);
    console.log(
      `${what.padEnd(24)} ${name.padEnd(8)} ${cpu.toFixed(1).padStart(6)} µs CPU a request: ${(bare.cpu / cpu).toFixed(2)} of bare; ${rate.toFixed(0).padStart(6)}/s: ${(rate / bare.rate).toFixed(2)} of bare`,
    );
  }
}

/**
 * What a million messages weigh, and sends into a queue of a thousand and into one of a million, in
 * rounds of each in turn. Both servers have sent as much before the first, so that both are as far
 * compiled; the rounds are short and the smaller queue is made anew for each, so that it stays small.
 */
async function depth(kind: string, folders: [string, string]): Promise<void> {
  const small = await startChild('1,000', folders[0]);
  const large = await startChild('1,000,000', folders[1]);
  const before = await large.order({ do: 'memory' });
  await large.order({ do: 'fill', count: LARGE });
  const weight = (await large.order({ do: 'memory' })) - before;
  await small.order({ do: 'fill', count: LARGE });
  await small.order({ do: 'empty' });
  await small.order({ do: 'memory' });
  for (const child of [small, large]) await round(child, send, WARM_UP_MS);
  const paces: [Pace[], Pace[]] = [[], []];
  for (let i = 0; i < DEPTH_ROUNDS; i++) {
    await small.order({ do: 'empty' });
    await small.order({ do: 'fill', count: SMALL });
    paces[0].push(await round(small, send, DEPTH_ROUND_MS));
    paces[1].push(await round(large, send, DEPTH_ROUND_MS));
  }
  const few = medianPace(paces[0]).cpu;
  const many = medianPace(paces[1]).cpu;
  console.log(
    `send among 1,000,000     ${kind.padEnd(8)} ${many.toFixed(1).padStart(6)} µs CPU, among 1,000 ${few.toFixed(1)}: ${(many / few).toFixed(2)} of it; a million small messages weigh ${(weight / 2 ** 20).toFixed(0)} MB (${(weight / LARGE).toFixed(0)} bytes each)`,
  );
  await Promise.all([small.stop(), large.stop()]);
}

function medianPace(paces: Pace[]): Pace {
  return { rate: median(paces.map(({ rate }) => rate)), cpu: median(paces.map(({ cpu }) => cpu)) };
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

console.log(`${ROUNDS} rounds of ${ROUND_MS} ms of each, ${CONNECTIONS} connections`);
const root = await mkdtemp(join(tmpdir(), 'bench-smq-'));
try {
  const memory = await startChild('memory', 'memory');
  const durable = await startChild('durable', join(root, 'durable'));
  const bare = await startChild('bare', 'bare');
  await bare.order({ do: 'answer', canned: await record(memory) });
  const children = [bare, memory, durable];
  await ratios(children, 'send', send);
  await ratios(children, 'send, receive, delete', cycle);
  await Promise.all(children.map((child) => child.stop()));
  if (!process.argv.includes('--quick')) {
    await depth('memory', ['memory', 'memory']);
    await depth('durable', [join(root, 'small'), join(root, 'large')]);
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
