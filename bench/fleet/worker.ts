// Runs one worker like an instance of queue-consumer: a process that drains the queue when asked to, with
// handlers that wait and effects remembered in OSS. Reports the effects it has had.
import { setTimeout as pause } from 'node:timers/promises';
import { drain } from '#shared/consume';
import { createLog } from '#shared/handler';
import { ossIdempotency } from '#shared/idempotency';
import { OssClient } from '#shared/oss';
import * as z from '#shared/schema';
import { SmqClient } from '#shared/smq';
import { ACCOUNT, type Addresses, BUCKET, OWNER, QUEUE, REGION } from './account.ts';

const [addresses = '', concurrency, handlerMs] = process.argv.slice(2);
const env = JSON.parse(addresses) as Addresses & NodeJS.ProcessEnv;
const at = { region: REGION, credentials: OWNER, env };
const queue = new SmqClient({ accountId: ACCOUNT, ...at }).queue(QUEUE);
const bucket = new OssClient({ bucket: BUCKET, ...at });

process.on('message', async (round: string) => {
  const effects: number[] = [];
  await drain(queue, {
    schema: z.object({ n: z.number() }),
    concurrency: Number(concurrency),
    deadline: { remaining: () => 120_000 },
    log: createLog({ level: 'silent' }),
    idempotency: {
      store: ossIdempotency(bucket, { prefix: `idempotency/${round}/` }),
      key: ({ n }) => String(n),
    },
    async handle({ n }) {
      await pause(Number(handlerMs));
      effects.push(n);
    },
  });
  process.send?.({ effects });
});
// Both SDKs are loaded before anything is measured.
await Promise.all([queue.peek(), bucket.listObjects({ max: 1 })]);
process.send?.({ ready: true });
