import { FAULTS, type Fault, randomFaults, startTestCloud, type TestCloud } from 'fc-local/testing';
import { drain } from '#shared/consume';
import type { CredentialsProvider } from '#shared/credentials';
import { ramRoleArn } from '#shared/credentials';
import { createLog, ServiceError } from '#shared/handler';
import { ossIdempotency } from '#shared/idempotency';
import { OssClient } from '#shared/oss';
import { type Item, publish } from '#shared/publish';
import * as z from '#shared/schema';
import { SmqClient } from '#shared/smq';

/** A fault of every service, or of STS alone in all its forms. */
export type Scenario = Fault | 'none' | 'sts';

export const SCENARIOS: readonly Scenario[] = [...FAULTS, 'sts'];

/** What became of the messages of one run. */
export interface Figures {
  scenario: Scenario;
  messages: number;
  /** Requests that failed by the fault. */
  faults: number;
  requests: number;
  /** Deliveries to the consumer, including repeated ones. */
  received: number;
  /** Messages whose side effect was never run. */
  lost: number;
  /** Messages whose side effect was run more than once. */
  repeated: number;
  seconds: number;
}

export interface RunOptions {
  scenario: Scenario;
  messages: number;
  rate: number;
  seed?: number;
  /** False leaves the consumer without a record of what it has done. Default true. */
  idempotency?: boolean;
}

const Body = z.strictObject({ id: z.int() });
const TOPIC = 'news';
const QUEUE = 'orders';
const BUCKET = 'records';
const ROLE = 'worker';
/** Seconds for which messages leased by a receive whose answer was lost are hidden. */
const VISIBILITY_TIMEOUT = 5;
const CHUNK = 256;
const log = createLog({ level: 'silent' });

/**
 * Publishes messages to a topic that feeds a queue, and drains that, with idempotency, until it is empty,
 * in a local cloud in which requests fail at `rate`. The publisher repeats failed requests that may be
 * repeated; the side effect is counted by message.
 */
export async function runUnderFaults(options: RunOptions): Promise<Figures> {
  const { scenario, messages, rate, seed, idempotency = true } = options;
  const chance = randomFaults({ rate, faults: faultsOf(scenario), ...(seed && { seed }) });
  const counts = { faults: 0, requests: 0 };
  const cloud = await startTestCloud({
    faults(target) {
      counts.requests++;
      if (scenario === 'none' || (scenario === 'sts' && target.service !== 'openapi')) return;
      const fault = chance(target);
      if (fault) counts.faults++;
      return fault;
    },
  });
  try {
    await prepare(cloud);
    const effects = new Map<number, number>();
    const start = performance.now();
    const publishing = publishAll(cloud, scenario, messages);
    const received = await consume(cloud, { scenario, idempotency }, publishing, (id) =>
      effects.set(id, (effects.get(id) ?? 0) + 1),
    );
    await publishing;
    const repeated = [...effects.values()].filter((count) => count > 1).length;
    const seconds = (performance.now() - start) / 1000;
    const lost = messages - effects.size;
    return { scenario, messages, ...counts, received, lost, repeated, seconds };
  } finally {
    await cloud.close();
  }
}

function faultsOf(scenario: Scenario): readonly Fault[] {
  if (scenario === 'none') return [];
  return scenario === 'sts' ? FAULTS : [scenario];
}

async function prepare(cloud: TestCloud): Promise<void> {
  await cloud.queue(QUEUE).create({ visibilityTimeout: VISIBILITY_TIMEOUT });
  await cloud.topic(TOPIC).create();
  await cloud.topic(TOPIC).subscribe('to-orders', { queue: QUEUE });
  await cloud.bucket(BUCKET).create();
  cloud.role(ROLE).allow('*');
}

/** Makes clients as a new instance does: with a role assumed by STS. */
function clients(cloud: TestCloud, scenario: Scenario) {
  const { accountId, region, accessKey, environment: env } = cloud;
  const roleArn = `acs:ram::${accountId}:role/${ROLE}`;
  const assumed = (): CredentialsProvider =>
    ramRoleArn({ base: { getCredentials: async () => accessKey }, roleArn, region, env });
  const credentials = scenario === 'sts' ? assumed() : accessKey;
  const smq = new SmqClient({ accountId, region, credentials, env });
  return {
    queue: smq.queue(QUEUE),
    topic: smq.topic(TOPIC),
    bucket: new OssClient({ bucket: BUCKET, region, credentials, env }),
  };
}

async function publishAll(cloud: TestCloud, scenario: Scenario, messages: number): Promise<void> {
  const all = Array.from({ length: messages }, (_, id): Item => ({ payload: { id } }));
  for (let begin = 0; begin < messages; begin += CHUNK) {
    let left = all.slice(begin, begin + CHUNK);
    while (left.length > 0) {
      const outcomes = await publish(clients(cloud, scenario).topic, left, { concurrency: 4 });
      for (const outcome of outcomes)
        if (!outcome.ok && !mayBeSentAgain(outcome.error)) throw outcome.error;
      left = left.filter((_, index) => !outcomes[index]?.ok);
    }
  }
}

function mayBeSentAgain(error: Error): boolean {
  return error instanceof ServiceError && error.retryable;
}

/**
 * Runs one invocation after the other, each with its own clients, until everything has been published and
 * nothing is left.
 */
async function consume(
  cloud: TestCloud,
  { scenario, idempotency }: Required<Pick<RunOptions, 'scenario' | 'idempotency'>>,
  publishing: Promise<void>,
  effect: (id: number) => void,
): Promise<number> {
  let received = 0;
  let published = false;
  const failed = publishing.then(() => {
    published = true;
  });
  while (!published || cloud.queue(QUEUE).messages(1).length > 0) {
    const { queue, bucket } = clients(cloud, scenario);
    const ends = Date.now() + 60_000;
    try {
      const report = await drain<z.infer<typeof Body>>(queue, {
        schema: Body,
        concurrency: 64,
        waitSeconds: 1,
        deadline: { remaining: () => ends - Date.now() },
        backOff: { firstSeconds: 1, maxSeconds: 2 },
        // Whatever fails, this run blames no message.
        maxOwnFailures: Number.POSITIVE_INFINITY,
        ...(idempotency && {
          idempotency: { store: ossIdempotency(bucket), key: ({ id }) => `order ${id}` },
        }),
        handle: async ({ id }) => effect(id),
        log,
      });
      received += report.received;
    } catch (error) {
      if (!(error instanceof ServiceError && error.retryable)) throw error;
    }
  }
  await failed;
  return received;
}
