import type { LogLine } from '../../../local/src/fc/runtime.ts';
import type { LocalCloud, LocalCloudHooks } from '../../../local/src/main.ts';
import { askServices } from './ask-services.ts';
import { compare } from './compare.ts';
import { loggedFailures, queueSteps, storeSteps } from './follow.ts';
import { makeOrders } from './orders.ts';
import { readObjects } from './read-objects.ts';
import { sendOrders } from './send.ts';
import type { DemoResult, Failure, Step } from './trace.ts';
import { runUpload } from './upload.ts';

export const PUBLISHER = 'topic-publisher';
export const CONSUMER = 'queue-consumer';
const PARTS = [PUBLISHER, CONSUMER, 'oss-uploader', 'oss-event-handler'];
/** One run drains what is there; a second one finds what came meanwhile. */
const MOST_RUNS = 10;

/**
 * Sends orders through the deployed functions and follows each to its object: HTTP trigger, topic,
 * subscription, queue, the timer's tick (fired here rather than waited for), bucket. Then uploads one
 * object and follows it through its event. `lines` is where the cloud's onLog puts what the functions
 * print. With `tamper`, the same spoilt credential is also shown to the services themselves.
 */
export async function runDemo(
  cloud: LocalCloud,
  lines: readonly LogLine[],
  count: number,
  tamper?: LocalCloudHooks['tamper'],
): Promise<DemoResult> {
  const start = Date.now();
  const { consumer, QUEUE_NAME, BUCKET_NAME } = consumerOf(cloud);
  const url = cloud.fc?.httpTriggerUrl(PUBLISHER);
  if (!cloud.fc || !url) throw new Error(`The demo needs ${PUBLISHER} with an HTTP trigger`);

  const orders = makeOrders(count);
  const sent = await sendOrders(url, orders);
  const queued = queueSteps(cloud, QUEUE_NAME, sent.sentAt);

  const failures: Failure[] = [];
  for (let run = 0; run < MOST_RUNS && hasVisible(cloud, QUEUE_NAME); run++) {
    const result = await cloud.fc.fireTimer(CONSUMER);
    if (result.errorType === undefined) continue;
    failures.push(failedRun(result.requestId, result.body));
    break;
  }

  const stored = await readObjects(cloud, BUCKET_NAME, 'orders/');
  const { objects, lost, duplicates } = compare(orders, stored);
  const { upload, failures: ofUpload } = await runUpload(cloud);
  const logged = loggedFailures(lines, functionNames(cloud));
  const bySpoilt = tamper ? await askServices(cloud, tamper(cloud.credentialsOf(CONSUMER))) : [];
  return {
    ok: objects === count && lost === 0 && duplicates === 0 && upload.ok,
    orders: count,
    objects,
    lost,
    duplicates,
    steps: inOrder(orders, [
      ...sent.steps,
      ...queued,
      ...storeSteps(lines, consumer.name, sent.sentAt),
    ]),
    upload,
    failures: [...logged, ...sent.failures.slice(0, 1), ...failures, ...ofUpload, ...bySpoilt],
    elapsedMs: Date.now() - start,
  };
}

/** queue-consumer as s.yaml declares it, with its queue and bucket. */
export function consumerOf(cloud: LocalCloud) {
  const consumer = cloud.project?.functions.find(({ resource }) => resource === CONSUMER);
  const { QUEUE_NAME, BUCKET_NAME } = consumer?.environmentVariables ?? {};
  if (!consumer || !QUEUE_NAME || !BUCKET_NAME)
    throw new Error(`The demo needs ${CONSUMER} with QUEUE_NAME and BUCKET_NAME in s.yaml`);
  return { consumer, QUEUE_NAME, BUCKET_NAME };
}

/** The deployed names of the functions that take part. */
function functionNames(cloud: LocalCloud): string[] {
  return (cloud.project?.functions ?? [])
    .filter(({ resource }) => PARTS.includes(resource))
    .map(({ name }) => name);
}

function hasVisible(cloud: LocalCloud, queueName: string): boolean {
  return cloud.smq.service
    .inspect(queueName, Number.POSITIVE_INFINITY)
    .some(({ state }) => state === 'active');
}

function failedRun(requestId: string, body: Buffer): Failure {
  const text = body.toString('utf8');
  return { function: CONSUMER, requestId, code: 'FunctionError', message: text.slice(0, 300) };
}

function inOrder(orders: readonly { id: string }[], steps: readonly Step[]): Step[] {
  const rank = new Map(orders.map(({ id }, index) => [id, index]));
  return steps.toSorted((a, b) => (rank.get(a.order) ?? 0) - (rank.get(b.order) ?? 0));
}
