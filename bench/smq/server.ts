import { createServer } from 'node:http';
import { realClock } from '#local/clock';
import { ADMINISTRATOR_ACCESS } from '#local/identities/administrator-access';
import { Identities } from '#local/identities/identities';
import { startSmq } from '#local/smq/server';
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
  | { do: 'answer'; canned: Canned };

/** What is measured: `bare`, `memory`, or the folder of a durable SMQ. */
const [what = 'bare'] = process.argv.slice(2);
const { port, obey } = what === 'bare' ? await bare() : await smq();
process.on('message', (order: Order) => {
  void obey(order).then((answer) => process.send?.({ answer }));
});
process.send?.({ port });

async function bare() {
  let canned: Canned = {};
  const server = createServer((request, response) => {
    request.on('data', () => undefined);
    request.on('end', () => {
      const { status = 500, headers = {}, body = '' } = canned[request.method ?? ''] ?? {};
      response.writeHead(status, headers).end(body);
    });
  });
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
  return {
    port,
    async obey(order: Order): Promise<number> {
      if (order.do === 'fill') {
        for (let done = 0; done < order.count; done += 16) {
          const length = Math.min(16, order.count - done);
          await service.sendBatch(
            QUEUE,
            Array.from({ length }, (_, i) => ({ body: `order ${done + i}` })),
          );
        }
      }
      if (order.do === 'empty') {
        await service.deleteQueue(QUEUE);
        await service.createQueue(QUEUE, { visibilityTimeout: 3600 });
      }
      globalThis.gc?.();
      return process.memoryUsage().rss;
    },
  };
}
