import type { LocalCloud, LocalCloudHooks, LogLine } from 'fc-local';
import { makeOrders } from '../sample/orders.ts';
import { askServices } from './ask-services.ts';
import { compare } from './compare.ts';
import { loggedFailures, queueSteps, storeSteps } from './follow.ts';
import {
  CONSUMER,
  type DemoParts,
  demoParts,
  EVENT_HANDLER,
  PUBLISHER,
  UPLOADER,
} from './parts.ts';
import { demoSmq, type QueueLook } from './queue-look.ts';
import { readObjects } from './read-objects.ts';
import { queueOrders, sendOrders } from './send.ts';
import type { DemoResult, Failure, Step } from './trace.ts';
import { runUpload } from './upload.ts';

const PARTS = [PUBLISHER, CONSUMER, UPLOADER, EVENT_HANDLER];
/** Maximum runs: one drains the queue, a second one finds what came meanwhile. */
const MAX_RUNS = 10;

export interface DemoOptions {
  /** How many orders to send. */
  count: number;
  /** Where the cloud's onLog puts what the functions print. */
  lines: readonly LogLine[];
  look: QueueLook;
  /** The cloud's own hook: the same spoilt credential is also sent to the services themselves. */
  tamper?: LocalCloudHooks['tamper'];
}

/**
 * Sends orders through the deployed functions and follows each to its object: HTTP trigger, topic,
 * subscription, queue, the timer's tick (fired here rather than waited for), bucket. Then uploads one
 * object and follows it through its event. In a project with only some of these functions, follows what it
 * has and reports what is left out; throws LocalCloudError if it has none.
 */
export async function runDemo(
  cloud: LocalCloud,
  { count, lines, look, tamper }: DemoOptions,
): Promise<DemoResult> {
  const start = Date.now();
  const parts = demoParts(cloud);
  const { consumer } = parts;
  const way = await runOrders(cloud, parts, { count, lines, look });
  const { upload, failures: ofUpload } = await runUpload(cloud, parts);
  const logged = loggedFailures(lines, functionNames(cloud));
  const bySpoilt =
    tamper && consumer
      ? await askServices(cloud, consumer, tamper(cloud.credentialsOf(CONSUMER)))
      : [];
  const { orders, objects, lost, duplicates } = way;
  const stored = !consumer || (objects === orders && lost === 0 && duplicates === 0);
  return {
    ok: stored && way.sent === orders && (upload?.ok ?? true),
    orders,
    objects,
    lost,
    duplicates,
    steps: way.steps,
    upload: upload ?? { ok: true, steps: [] },
    failures: [...logged, ...way.failures, ...ofUpload, ...bySpoilt],
    leftOut: parts.leftOut,
    elapsedMs: Date.now() - start,
  };
}

/** What became of the orders. */
interface Way {
  orders: number;
  sent: number;
  objects: number;
  lost: number;
  duplicates: number;
  steps: Step[];
  failures: Failure[];
}

const NO_ORDERS: Way = {
  orders: 0,
  sent: 0,
  objects: 0,
  lost: 0,
  duplicates: 0,
  steps: [],
  failures: [],
};

/** Follows the orders from the trigger to the object, or from the queue to it, or as far as the topic. */
async function runOrders(
  cloud: LocalCloud,
  { publisherUrl, consumer }: DemoParts,
  { count, lines, look }: Omit<DemoOptions, 'tamper'>,
): Promise<Way> {
  if (!publisherUrl && !consumer) return NO_ORDERS;
  const orders = makeOrders(count);
  const sent = publisherUrl
    ? await sendOrders(cloud, publisherUrl, orders)
    : await queueOrders(cloud, consumer?.queue ?? '', orders);
  const way = {
    ...NO_ORDERS,
    orders: count,
    sent: publisherUrl ? sent.steps.length : count,
    steps: sent.steps,
    failures: sent.failures.slice(0, 1),
  };
  if (!consumer) return way;
  const { queue, bucket, spec } = consumer;
  const queued = queueSteps(await look(queue), sent.sentAt);
  const failures = await consume(cloud, queue);
  const stored = await readObjects(cloud, bucket, 'orders/');
  const steps = [...way.steps, ...queued, ...storeSteps(lines, spec.name, sent.sentAt)];
  return {
    ...way,
    ...compare(orders, stored),
    steps: inOrder(orders, steps),
    failures: [...way.failures, ...failures],
  };
}

/** Fires the consumer's timer until the queue is empty or a run fails. */
async function consume(cloud: LocalCloud, queue: string): Promise<Failure[]> {
  const waiting = demoSmq(cloud).queue(queue);
  for (let run = 0; run < MAX_RUNS && (await waiting.peek()); run++) {
    const result = await cloud.fc?.fireTimer(CONSUMER);
    if (result?.errorType !== undefined) return [failedRun(result.requestId, result.body)];
  }
  return [];
}

/** Returns the deployed names of the functions that take part. */
function functionNames(cloud: LocalCloud): string[] {
  return (cloud.project?.functions ?? [])
    .filter(({ resource }) => PARTS.includes(resource))
    .map(({ name }) => name);
}

function failedRun(requestId: string, body: Buffer): Failure {
  const text = body.toString('utf8');
  return { function: CONSUMER, requestId, code: 'FunctionError', message: text.slice(0, 300) };
}

function inOrder(orders: readonly { id: string }[], steps: readonly Step[]): Step[] {
  const rank = new Map(orders.map(({ id }, index) => [id, index]));
  return steps.toSorted((a, b) => (rank.get(a.order) ?? 0) - (rank.get(b.order) ?? 0));
}
