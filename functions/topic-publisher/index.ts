/**
 * topic-publisher: takes an order by HTTP and publishes it to an SMQ topic.
 *
 * Trigger   HTTP, POST (s.yaml: topic-publisher)
 * Run here  npm start, then the curl line it prints
 * Change    the schema (shared/order.ts), and what goes into the message
 * Docs      https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/http-triggers-overview
 */
import { environment } from '#shared/environment';
import { httpHandler } from '#shared/handler';
import { json } from '#shared/http';
import { Order } from '#shared/order';
import { smqClient } from '#shared/smq/client';

export const handler = httpHandler({
  body: Order,
  async handle({ body: order, context, log }) {
    const { TOPIC_NAME } = environment(['TOPIC_NAME']);

    const topic = smqClient(context).topic(TOPIC_NAME);
    const { messageId } = await topic.publish(JSON.stringify(order));

    log.info({ orderId: order.id, messageId }, 'Published order');
    return json(202, { orderId: order.id, messageId });
  },
});
