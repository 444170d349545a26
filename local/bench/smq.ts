// npx tsx --conditions=fc-source local/bench/smq.ts [--quick] [--base DIR]… [--generations N]
// CPU time a request of the local SMQ, in memory and durable, against what a bare node:http server
// answering the same bytes takes from the same client; then what a send costs in a queue of a
// million messages. Many short rounds of each in turn, always as many requests; each round is
// compared with the bare server's of the same turn, and the middle of those ratios counts, so that
// a machine with other work does not move it. Every few rounds the servers are others: how V8
// compiles one, and where its memory is, moves it by some 5 % for as long as it runs. CPU time is that of the whole server process, LMDB's
// threads included. With --base, another checkout's SMQ is measured in the same rounds.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { interleaved, median, table } from 'fc-measure';
import { QUEUE } from './smq/account.ts';
import { type Child, startChild } from './smq/child.ts';
import { type Answer, Connection, signedRequest } from './smq/client.ts';
import type { Canned } from './smq/server.ts';

const CONNECTIONS = 32;
/** Generations of processes: each is measured for the same number of rounds. */
const GENERATIONS = 5;
const ROUNDS = 20;
/** Requests of each connection, in a round. */
const REQUESTS = 30;
/** Rounds before the first that counts, so that V8 has compiled by then. */
const WARM_UP_ROUNDS = 25;
const MESSAGES = `/queues/${QUEUE}/messages`;
const SMALL = 1000;
const LARGE = 1_000_000;
const DEPTH_ROUNDS = 40;

/** The repeated work of one connection: a number of requests. */
interface Work {
  requests: number;
  run(connection: Connection): Promise<void>;
}

const send: Work = {
  requests: 1,
  async run(connection) {
    expectStatus(await connection.send(sendRequest()), 201);
  },
};

const cycle: Work = {
  requests: 3,
  async run(connection) {
    expectStatus(await connection.send(sendRequest()), 201);
    const received = expectStatus(await connection.send(receiveRequest()), 200);
    const handle = /<ReceiptHandle>([^<]+)/.exec(received.body)?.[1] ?? '';
    const target = `${MESSAGES}?ReceiptHandle=${encodeURIComponent(handle)}`;
    expectStatus(await connection.send(signedRequest('DELETE', target)), 204);
  },
};

const WORKS = { send, 'send, receive, delete': cycle };

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

/** A server and its connections, which stay open: their cost is not measured. */
interface Contender {
  child: Child;
  connections: Connection[];
}

function contender(child: Child): Contender {
  const connections = Array.from({ length: CONNECTIONS }, () => new Connection(child.port));
  return { child, connections };
}

/** Resolves to the server's CPU time per request, in microseconds. */
async function round({ child, connections }: Contender, work: Work): Promise<number> {
  const before = await child.order({ do: 'cpu' });
  await Promise.all(
    connections.map(async (connection) => {
      for (let done = 0; done < REQUESTS; done += work.requests) await work.run(connection);
    }),
  );
  return ((await child.order({ do: 'cpu' })) - before) / (CONNECTIONS * REQUESTS);
}

/** Records the answers of a real SMQ, for the bare server to send. */
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

/** Times of each server for one kind of work, µs per request, by their names. */
type Times = Record<string, number[]>;

async function measure(contenders: Contender[], work: Work): Promise<Times> {
  const once = (one: Contender) => async () => {
    await one.child.order({ do: 'empty' });
    return round(one, work);
  };
  const all = Object.fromEntries(contenders.map((one) => [one.child.name, once(one)]));
  await interleaved(WARM_UP_ROUNDS, all);
  return interleaved(ROUNDS, all);
}

/** Starts new processes for all contenders, measures each work, and ends them. */
async function generation(folder: string): Promise<Times[]> {
  const bare = await startChild('bare', 'bare');
  const memory = await startChild('memory', 'memory');
  const children = [bare, memory, await startChild('durable', join(folder, 'durable'))];
  for (const [i, checkout] of values.base.entries())
    children.push(
      await startChild(`memory in ${checkout}`, 'memory', checkout),
      await startChild(`durable in ${checkout}`, join(folder, `base-${i}`), checkout),
    );
  await bare.order({ do: 'answer', canned: await record(memory) });
  const contenders = children.map(contender);
  const measured: Times[] = [];
  for (const work of Object.values(WORKS)) measured.push(await measure(contenders, work));
  for (const { connections } of contenders) for (const one of connections) one.close();
  await Promise.all(children.map((child) => child.stop()));
  return measured;
}

/**
 * Returns rows of a table: the time of each server, its ratio to the bare one's, and the range of
 * the middle half of the rounds.
 */
function rows(what: string, generations: Times[]): string[][] {
  const names = Object.keys(generations[0] ?? {});
  const timesOf = (name: string) => generations.flatMap((times) => times[name] ?? []);
  const bare = timesOf('bare');
  return names.map((name) => {
    const times = timesOf(name);
    const shares = times.map((time, i) => (bare[i] ?? Number.NaN) / time).sort((a, b) => a - b);
    const at = (part: number) => (shares[Math.floor(shares.length * part)] ?? 0).toFixed(2);
    const share = median(shares).toFixed(2);
    return [what, name, median(times).toFixed(1), share, `${at(0.25)} to ${at(0.75)}`];
  });
}

/**
 * Measures the memory of a million messages, and sends into a queue of a thousand and into one of a
 * million, in alternating rounds. Both servers have sent the same number before the first, so that
 * both are equally compiled; the rounds are short and the smaller queue is created again for each,
 * so that it stays small.
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
  const few = contender(small);
  const many = contender(large);
  for (const one of [few, many]) for (let i = 0; i < WARM_UP_ROUNDS; i++) await round(one, send);
  const times = await interleaved(DEPTH_ROUNDS, {
    async few() {
      await small.order({ do: 'empty' });
      await small.order({ do: 'fill', count: SMALL });
      return round(few, send);
    },
    many: () => round(many, send),
  });
  const share = median(times.many.map((time, i) => time / (times.few[i] ?? Number.NaN)));
  console.log(
    `send among 1,000,000     ${kind.padEnd(8)} ${median(times.many).toFixed(1).padStart(6)} µs CPU, among 1,000 ${median(times.few).toFixed(1)}: ${share.toFixed(2)} of it; a million small messages weigh ${(weight / 2 ** 20).toFixed(0)} MB (${(weight / LARGE).toFixed(0)} bytes each)`,
  );
  await Promise.all([small.stop(), large.stop()]);
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    base: { type: 'string', multiple: true, default: [] },
    generations: { type: 'string', default: String(GENERATIONS) },
  },
});
const root = await mkdtemp(join(tmpdir(), 'bench-smq-'));
try {
  const generations: Times[][] = [];
  for (let i = 0; i < Number(values.generations); i++)
    generations.push(await generation(join(root, String(i))));
  const body = Object.keys(WORKS).flatMap((what, i) =>
    rows(
      what,
      generations.map((works) => works[i] ?? {}),
    ),
  );
  console.log(
    `${generations.length} times ${ROUNDS} rounds of ${CONNECTIONS * REQUESTS} requests, ${CONNECTIONS} connections\n`,
  );
  console.log(
    table([['', 'server', 'µs CPU a request', 'of bare', 'half of the rounds'], ...body]),
  );
  if (!values.quick) {
    await depth('memory', ['memory', 'memory']);
    await depth('durable', [join(root, 'small'), join(root, 'large')]);
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
