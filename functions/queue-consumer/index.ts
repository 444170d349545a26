/**
 * queue-consumer: drains an SMQ queue and stores each order as an object.
 *
 * Trigger   timer, every minute (s.yaml: queue-consumer)
 * Run here  npm start sends an order through it; npm run demo shows each step
 * Change    the schema (functions/order.ts), and what is done with an order
 * Docs      https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/time-triggers
 *
 * A message is deleted only after its order is stored. One that fails comes back after a growing pause;
 * one that is not an order, or has failed five times, goes to quarantine (npx fc-templates quarantine list).
 */
import { drain, ossQuarantine } from '#shared/consume';
import { environment, timerHandler } from '#shared/handler';
import { ossClient, putOnce } from '#shared/oss';
import { smqClient } from '#shared/smq';
import { Order } from '../order.ts';

export const handler = timerHandler(async (_tick, { context, deadline, log }) => {
  const { QUEUE_NAME, BUCKET_NAME } = environment(['QUEUE_NAME', 'BUCKET_NAME']);
  const bucket = ossClient(context, { bucket: BUCKET_NAME });

  return drain(smqClient(context).queue(QUEUE_NAME), {
    schema: Order,
    claims: bucket,
    concurrency: 32,
    quarantine: ossQuarantine(bucket),
    deadline,
    log,
    async handle(order, delivery) {
      const key = `orders/${order.id}.json`;
      const { outcome } = await putOnce(bucket, key, JSON.stringify(order), 'application/json');
      delivery.log.info({ orderId: order.id, key, outcome }, 'Stored order');
    },
  });
});
