import type { LocalCloud } from 'fc-local';
import type { SampleOrder } from '../sample/orders.ts';
import { headersFor } from './http-auth.ts';
import { PUBLISHER } from './parts.ts';
import { demoSmq } from './queue-look.ts';
import type { Failure, Step } from './trace.ts';

const IN_FLIGHT = 8;

export interface Sent {
  steps: Step[];
  failures: Failure[];
  /** When each order was sent, in milliseconds since the epoch. */
  sentAt: Map<string, number>;
}

/** Posts the orders to topic-publisher's HTTP trigger, some at a time. */
export async function sendOrders(
  cloud: LocalCloud,
  url: string,
  orders: readonly SampleOrder[],
): Promise<Sent> {
  const sent: Sent = { steps: [], failures: [], sentAt: new Map() };
  const waiting = orders.values();
  const sender = async () => {
    for (const order of waiting) await sendOrder(cloud, url, order, sent);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
  return sent;
}

async function sendOrder(
  cloud: LocalCloud,
  url: string,
  order: SampleOrder,
  sent: Sent,
): Promise<void> {
  const start = Date.now();
  sent.sentAt.set(order.id, start);
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...headersFor(cloud, PUBLISHER, 'POST', url),
    },
    body: JSON.stringify(order),
  });
  const text = await response.text();
  const requestId = response.headers.get('x-fc-request-id') ?? '';
  if (response.status !== 202) {
    sent.failures.push({
      function: PUBLISHER,
      requestId,
      code: `HTTP ${response.status}`,
      message: text.slice(0, 300),
    });
    return;
  }
  const { messageId } = JSON.parse(text) as { messageId: string };
  sent.steps.push({
    order: order.id,
    step: 'publish',
    function: PUBLISHER,
    requestId,
    messageId,
    ms: Date.now() - start,
  });
}

/** Puts the orders directly into the queue, if no function publishes them. */
export async function queueOrders(
  cloud: LocalCloud,
  queue: string,
  orders: readonly SampleOrder[],
): Promise<Sent> {
  const sent: Sent = { steps: [], failures: [], sentAt: new Map() };
  for (const order of orders) {
    sent.sentAt.set(order.id, Date.now());
    await demoSmq(cloud).queue(queue).send(JSON.stringify(order));
  }
  return sent;
}
