import { ACCOUNT_ID, KEY, QUEUE, REGION } from '../../../local/bench/smq/account.ts';
import { realClock } from '../../../local/src/clock.ts';
import { randomFaults } from '../../../local/src/faults.ts';
import { ADMINISTRATOR_ACCESS } from '../../../local/src/identities/administrator-access.ts';
import { Identities } from '../../../local/src/identities/identities.ts';
import { startSmq } from '../../../local/src/smq/server.ts';

/** Fills the queue with so many messages, or counts those that are still in it. */
export type Order = { fill: number } | 'count';

const [latencyMs] = process.argv.slice(2).map(Number);
const identities = new Identities({
  clock: realClock,
  accountId: ACCOUNT_ID,
  accessKeyId: 'owner',
  accessKeySecret: 'owner',
});
identities.defineUser({ name: 'bench', ...KEY, policies: [ADMINISTRATOR_ACCESS] });
const { url, service } = await startSmq({
  clock: realClock,
  authority: identities,
  region: REGION,
  faults: randomFaults({ rate: 1, faults: ['latency'] }),
  latencyMs: latencyMs ?? 5,
});
await service.createQueue(QUEUE, { visibilityTimeout: 600 });

async function obey(order: Order): Promise<number> {
  if (order !== 'count') {
    const bodies = Array.from({ length: order.fill }, (_, n) => JSON.stringify({ n }));
    await Promise.all(bodies.map((body) => service.send(QUEUE, { body })));
  }
  const { active, inactive, delayed } = service.getQueue(QUEUE).counts;
  return active + inactive + delayed;
}

process.on('message', (order: Order) => {
  void obey(order).then((answer) => process.send?.({ answer }));
});
process.send?.({ url });
