// npx tsx --conditions=fc-source shared/bench/drain.ts [rounds]
// Messages a second out of a queue that answers each request 5 ms late (the SMQ server runs in a
// process of its own), by the loops that a user would write over the SDK and by drain().
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Client from '@alicloud/mns/lib/client.js';
import { interleaved, median, table } from 'fc-measure';
import { drain } from '#src/consume/drain';
import { createLog } from '#src/log/log';
import * as z from '#src/schema/index';
import { SmqClient } from '#src/smq/client';
import { ACCOUNT, OWNER, QUEUE, REGION } from './drain/account.ts';
import type { Order } from './drain/server.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const LATENCY_MS = 5;
const CONCURRENCY = 64;
const HANDLER_MS = [0, 20];
const BATCH = 16;
/** Messages of one measurement: each takes a fraction of a second. */
const COUNTS = { one: 12, batch: 48, drain: 1600 };
const PATH = `/queues/${QUEUE}/messages`;

const server = fork(join(import.meta.dirname, 'drain/server.ts'), [String(LATENCY_MS)], {
  execArgv: ['--import', 'tsx', '--conditions=fc-source'],
});
const [{ url }] = await once(server, 'message');

async function order(order: Order): Promise<number> {
  server.send(order);
  const [{ answer }] = await once(server, 'message');
  return answer;
}

type Handle = (n: number) => Promise<void>;

interface Received {
  MessageBody: string;
  ReceiptHandle: string;
}

const sdk = new Client(ACCOUNT, { ...OWNER, endpoint: url });

/** (a) As in the SDK's README: receives one, handles it, deletes it. */
async function oneByOne(handle: Handle, count: number): Promise<void> {
  for (let done = 0; done < count; done++) {
    const { body } = await sdk.request('GET', PATH, 'Message', '', [], {});
    const { MessageBody, ReceiptHandle } = body as unknown as Received;
    await handle(JSON.parse(MessageBody).n);
    await sdk.request('DELETE', `${PATH}?ReceiptHandle=${ReceiptHandle}`, 'Message', '', [], {});
  }
}

/** (b) Receives sixteen, handles them in turn, deletes the sixteen. */
async function batchByBatch(handle: Handle, count: number): Promise<void> {
  for (let done = 0; done < count; done += BATCH) {
    const target = `${PATH}?numOfMessages=${BATCH}`;
    const { body } = await sdk.request('GET', target, 'Messages', '', [], {});
    const messages = [body?.Message ?? []].flat() as Received[];
    for (const { MessageBody } of messages) await handle(JSON.parse(MessageBody).n);
    const handles = messages.map((one) => `<ReceiptHandle>${one.ReceiptHandle}</ReceiptHandle>`);
    const xml = `<?xml version="1.0"?><ReceiptHandles>${handles.join('')}</ReceiptHandles>`;
    await sdk.request('DELETE', PATH, 'Errors', Buffer.from(xml), [], {});
  }
}

const queue = new SmqClient({
  accountId: ACCOUNT,
  region: REGION,
  credentials: OWNER,
  env: { SMQ_ENDPOINT: url },
}).queue(QUEUE);
const schema = z.object({ n: z.number() });
const log = createLog({ level: 'silent' });

async function byDrain(handle: Handle): Promise<void> {
  await drain(queue, {
    schema,
    concurrency: CONCURRENCY,
    deadline: { remaining: () => 60_000 },
    log,
    handle: ({ n }) => handle(n),
  });
}

/** Returns messages a second. Throws if one was not handled, or is still in the queue. */
async function rate(count: number, handlerMs: number, run: typeof oneByOne): Promise<number> {
  await order({ fill: count });
  const handled = new Set<number>();
  const start = performance.now();
  await run(async (n) => {
    if (handlerMs > 0) await pause(handlerMs);
    handled.add(n);
  }, count);
  const seconds = (performance.now() - start) / 1000;
  const left = await order('count');
  if (handled.size !== count || left > 0)
    throw new Error(`Of ${count} messages ${handled.size} were handled, and ${left} are left`);
  return count / seconds;
}

const rows: string[][] = [];
try {
  for (const ms of HANDLER_MS) {
    const contenders = {
      one: () => rate(COUNTS.one, ms, oneByOne),
      batch: () => rate(COUNTS.batch, ms, batchByBatch),
      drain: () => rate(COUNTS.drain, ms, byDrain),
    };
    await interleaved(2, contenders);
    const rates = await interleaved(ROUNDS, contenders);
    const [one, batch, ours] = [median(rates.one), median(rates.batch), median(rates.drain)];
    rows.push([
      `${ms} ms`,
      ...[one, batch, ours].map((value) => value.toFixed(0)),
      (ours / one).toFixed(1),
      (ours / batch).toFixed(1),
    ]);
  }
} finally {
  server.kill();
}
console.log(
  `Messages a second, ${LATENCY_MS} ms added to each request, ${ROUNDS} interleaved rounds, medians; nothing lost\n`,
);
console.log(
  table([
    [
      'handler',
      'one by one (a)',
      'batch by batch (b)',
      `drain, ${CONCURRENCY} at a time`,
      'of (a)',
      'of (b)',
    ],
    ...rows,
  ]),
);
