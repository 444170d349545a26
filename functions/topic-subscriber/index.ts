/**
 * topic-subscriber: handles one notification of an SMQ topic and keeps a receipt of the order.
 *
 * Trigger   mns_topic, STREAM or JSON (s.yaml: topic-subscriber)
 * Run here  npm start, then the curl line it prints
 * Change    the schema (functions/order.ts), and what is done with an order
 * Docs      https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/smq-topic-triggers
 *
 * It is invoked asynchronously: FC tries a notification four times and then drops it. So a message that
 * is not an order, and one that fails in the last try for any reason, goes to quarantine.
 */
import { fromNotification, handleBatch, ossQuarantine } from '#shared/consume';
import { environment, topicHandler } from '#shared/handler';
import { ossClient, putOnce } from '#shared/oss';
import { Order } from '../order.ts';

const TRIES = 4; // FC's own, unless s.yaml says otherwise

export const handler = topicHandler(async (notification, invocation) => {
  const { context, deadline, log } = invocation;
  const { TOPIC_NAME, BUCKET_NAME } = environment(['TOPIC_NAME', 'BUCKET_NAME']);
  const bucket = ossClient(context, { bucket: BUCKET_NAME });

  return handleBatch([fromNotification(notification, TOPIC_NAME, context)], {
    schema: Order,
    claims: bucket,
    quarantine: ossQuarantine(bucket),
    maxTries: TRIES,
    deadline,
    log,
    async handle(order, delivery) {
      const key = `receipts/${order.id}.json`;
      const receipt = JSON.stringify({ orderId: order.id, customer: order.customer });
      const { outcome } = await putOnce(bucket, key, receipt, 'application/json');
      delivery.log.info({ orderId: order.id, key, outcome }, 'Kept receipt');
    },
  });
});
