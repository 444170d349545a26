/**
 * topic-publisher: takes an order by HTTP, or a list of them, and publishes each to an SMQ topic.
 *
 * Trigger   HTTP, POST (s.yaml: topic-publisher)
 * Run here  npm start, then the curl line it prints
 * Change    the schema (functions/order.ts), what goes into the message (tag, attributes), the size limit
 * Docs      https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/http-triggers-overview
 *
 * With an Idempotency-Key header a repeated request publishes nothing again and gets the same ids.
 * An order too large for a message goes to the bucket, and its claim check into the message.
 */
import { environment, httpHandler, parseJson, validate } from '#shared/handler';
import { ossClient } from '#shared/oss';
import { answerMany, answerOne, onceByHeader, publish } from '#shared/publish';
import { smqClient } from '#shared/smq';
import { Order, Orders } from '../order.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024; // bytes, of all orders of a request

export const handler = httpHandler({
  maxBodyBytes: MAX_BODY_BYTES,
  async handle({ body, request, context, deadline, trace, log }) {
    const { TOPIC_NAME, BUCKET_NAME } = environment(['TOPIC_NAME', 'BUCKET_NAME']);
    const value = parseJson(body, 'Body');
    const isList = Array.isArray(value);
    const orders = isList
      ? await validate(Orders, value, 'Body')
      : [await validate(Order, value, 'Body')];

    const bucket = ossClient(context, { bucket: BUCKET_NAME });
    const items = orders.map((order) => ({ payload: order }));
    const outcomes = await publish(smqClient(context).topic(TOPIC_NAME), items, {
      claims: bucket,
      once: onceByHeader(request.headers, bucket, deadline),
      trace,
      log,
    });

    const names = orders.map(({ id }) => ({ orderId: id }));
    for (const [index, outcome] of outcomes.entries())
      if (outcome.ok) log.info({ ...names[index], ...outcome.value }, 'Published order');
      else if (isList) log.error({ ...names[index], error: outcome.error }, 'Order not published');
    return isList ? answerMany(outcomes, names) : answerOne(outcomes[0], names[0] ?? {});
  },
});
