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
import { sendOrders } from './send.ts';
import type { DemoResult, Failure, Step } from './trace.ts';
import { runUpload } from './upload.ts';

const PARTS = [PUBLISHER, CONSUMER, UPLOADER, EVENT_HANDLER];
/** One run drains what is there; a second one finds what came meanwhile. */
const MAX_RUNS = 10;

export interface DemoOptions {
  /** How many orders to send. */
  count: number;
  /** Where the cloud's onLog puts what the functions print. */
  lines: readonly LogLine[];
  look: QueueLook;
  /** The cloud's own: the same spoilt credential is also shown to the services themselves. */
  tamper?: LocalCloudHooks['tamper'];
}

/**
 * Sends orders through the deployed functions and follows each to its object: HTTP trigger, topic,
 * subscription, queue, the timer's tick (fired here rather than waited for), bucket. Then uploads one
 * object and follows it through its event. Throws LocalCloudError that names what of it the project
 * does not have.
 */
export async function runDemo(
  cloud: LocalCloud,
  { count, lines, look, tamper }: DemoOptions,
): Promise<DemoResult> {
  const start = Date.now();
  const parts = demoParts(cloud);

  const orders = makeOrders(count);
  const sent = await sendOrders(parts.publisherUrl, orders);
  const queued = queueSteps(await look(parts.queue), sent.sentAt);

  const failures = await consume(cloud, parts);
  const stored = await readObjects(cloud, parts.bucket, 'orders/');
  const { objects, lost, duplicates } = compare(orders, stored);
  const { upload, failures: ofUpload } = await runUpload(cloud, parts);
  const logged = loggedFailures(lines, functionNames(cloud));
  const bySpoilt = tamper
    ? await askServices(cloud, parts, tamper(cloud.credentialsOf(CONSUMER)))
    : [];
  return {
    ok: objects === count && lost === 0 && duplicates === 0 && upload.ok,
    orders: count,
    objects,
    lost,
    duplicates,
    steps: inOrder(orders, [
      ...sent.steps,
      ...queued,
      ...storeSteps(lines, parts.consumer.name, sent.sentAt),
    ]),
    upload,
    failures: [...logged, ...sent.failures.slice(0, 1), ...failures, ...ofUpload, ...bySpoilt],
    elapsedMs: Date.now() - start,
  };
}

/** Fires the consumer's timer until the queue is empty or a run fails. */
async function consume(cloud: LocalCloud, { queue }: DemoParts): Promise<Failure[]> {
  const waiting = demoSmq(cloud).queue(queue);
  for (let run = 0; run < MAX_RUNS && (await waiting.peek()); run++) {
    const result = await cloud.fc?.fireTimer(CONSUMER);
    if (result?.errorType !== undefined) return [failedRun(result.requestId, result.body)];
  }
  return [];
}

/** The deployed names of the functions that take part. */
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
