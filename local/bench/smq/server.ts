import { createServer } from 'node:http';
import { realClock } from '#src/clock';
import { ADMINISTRATOR_ACCESS } from '#src/identities/administrator-access';
import { Identities } from '#src/identities/identities';
import { startSmq } from '#src/smq/server';
import { ACCOUNT_ID, KEY, QUEUE, REGION } from './account.ts';

/** A canned answer of the bare server, by method. */
export type Canned = Record<
  string,
  { status: number; headers: Record<string, string>; body: string }
>;

export type Order =
  | { do: 'fill'; count: number }
  | { do: 'empty' }
  | { do: 'memory' }
  | { do: 'cpu' }
  | { do: 'answer'; canned: Canned };

/** Number of concurrent sends while a queue is filled. */
const FILL_TOGETHER = 4096;

/** What to measure: `bare`, `memory`, or the folder of a durable SMQ. */
const [what = 'bare'] = process.argv.slice(2);
const { port, obey } = what === 'bare' ? await bare() : await smq();
process.on('message', (order: Order) => {
  const answer = order.do === 'cpu' ? Promise.resolve(cpuTime()) : obey(order);
  void answer.then((answer) => process.send?.({ answer }));
});
process.send?.({ port });

/** Returns the CPU time that this process has used so far, in microseconds. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function bare() {
  let canned: Canned = {};
  const server = createServer((request, response) => {
    request.on('data', () => undefined);
    request.on('end', () => {
      const { status = 500, headers = {}, body = '' } = canned[request.method ?? ''] ?? {};
      response.writeHead(status, headers).end(body);
    });
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    async obey(order: Order): Promise<number> {
      if (order.do === 'answer') canned = order.canned;
      return 0;
    },
  };
}

async function smq() {
  const identities = new Identities({
    clock: realClock,
    accountId: ACCOUNT_ID,
    accessKeyId: 'owner',
    accessKeySecret: 'owner',
  });
  identities.defineUser({ name: 'bench', ...KEY, policies: [ADMINISTRATOR_ACCESS] });
  const { port, service } = await startSmq({
    clock: realClock,
    authority: identities,
    region: REGION,
    ...(what !== 'memory' && { data: what }),
  });
  await service.createQueue(QUEUE, { visibilityTimeout: 3600 });
  const fill = (from: number, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) => service.send(QUEUE, { body: `order ${from + i}` })),
    );
  return {
    port,
    async obey(order: Order): Promise<number> {
      if (order.do === 'fill') {
        for (let done = 0; done < order.count; done += FILL_TOGETHER)
          await fill(done, Math.min(FILL_TOGETHER, order.count - done));
      }
      if (order.do === 'empty') {
        await service.deleteQueue(QUEUE);
        await service.createQueue(QUEUE, { visibilityTimeout: 3600 });
      }
      // Collects garbage only on request: it discards what V8 has compiled, and the next round
      // would measure that.
      if (order.do !== 'memory') return 0;
      globalThis.gc?.();
      return process.memoryUsage().rss;
    },
  };
}
