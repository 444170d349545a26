/**
 * queue-event-consumer: makes a shipment for each order of a batch that EventBridge pushes.
 *
 * Trigger   eventbridge, an SMQ queue as its source (s.yaml: queue-event-consumer)
 * Run here  npm start, then the curl line it prints: the topic feeds this queue too
 * Change    the schema (functions/order.ts), what is done with an order, and the idempotency key
 * Docs      https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/message-service-triggers
 *
 * The batch comes again as a whole when one message fails. A shipment must not be made twice, so
 * finished shipments are remembered by the order's id and skipped the next time. An order that keeps
 * failing goes to quarantine before the retries are used up, so that it does not delay the others.
 */
import { fromQueueEvents, handleBatch, ossQuarantine } from '#shared/consume';
import { environment, queueHandler } from '#shared/handler';
import { ossIdempotency } from '#shared/idempotency';
import { ossClient } from '#shared/oss';
import { Order } from '../order.ts';

export const handler = queueHandler(async (events, { context, deadline, log }) => {
  const { BUCKET_NAME, QUEUE_NAME } = environment(['BUCKET_NAME', 'QUEUE_NAME']);
  const bucket = ossClient(context, { bucket: BUCKET_NAME });
  const claimMs = deadline.remaining(); // this invocation has ended by then
  const store = ossIdempotency(bucket, { prefix: 'idempotency/shipments/', claimMs });

  return handleBatch(fromQueueEvents(events, QUEUE_NAME), {
    schema: Order,
    claims: bucket,
    idempotency: { store, key: (order) => order.id },
    quarantine: ossQuarantine(bucket),
    maxOwnFailures: 3, // one less than EventBridge's tries with BACKOFF_RETRY
    deadline,
    log,
    async handle(order, delivery) {
      const key = `shipments/${order.id}/${delivery.trace.spanId}.json`; // another each time it runs
      const shipment = { orderId: order.id, items: order.items };
      await bucket.putObject(key, JSON.stringify(shipment), { contentType: 'application/json' });
      delivery.log.info({ orderId: order.id, key }, 'Made shipment');
    },
  });
});
