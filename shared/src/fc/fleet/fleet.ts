import { type Clock, sleep, systemClock } from '../../clock/clock.ts';
import type { Deadline } from '../../context/deadline.ts';
import { ConfigurationError } from '../../errors/errors.ts';
import type { Log } from '../../log/log.ts';
import type { OssClient } from '../../oss/bucket/client.ts';
import { retrying } from '../../retry/retry.ts';
import type { Queue } from '../../smq/queue.ts';
import { Places } from './places.ts';

export interface FleetOptions {
  /** Where the places of the workers are kept. */
  bucket: OssClient;
  /** Prefix of their keys, followed by the queue's name; default `fleet/`. */
  prefix?: string;
  /** Maximum number of workers at a time, including those already running: 1 to 300. */
  maxWorkers: number;
  /**
   * How long a worker may run, in seconds, including its start: its function's timeout plus the age at
   * which FC drops its event.
   */
  workerSeconds: number;
  /**
   * Maximum requests a second that one worker makes to SMQ, as SMQ counts them: a batch counts once for
   * each message.
   */
  workerRequests: number;
  /** Starts one worker without waiting for it: invokes its function asynchronously. */
  start(place: number): Promise<unknown>;
  /** When the invocation ends. */
  deadline: Pick<Deadline, 'remaining'>;
  /** Milliseconds from one look at the queue to the next; default 3,000. */
  pollMs?: number;
  log: Log;
  clock?: Clock;
}

export interface FleetReport {
  /** Workers started by this run. */
  started: number;
  /** The largest number of workers at a time, including those started by earlier runs. */
  workers: number;
  /** Whether messages were waiting at the last look. */
  backlog: boolean;
}

/** Maximum messages of one look. A full look means that there are more. */
const LOOK = 16;
const POLL_MS = 3000;
const RESERVE_MS = 5000;
/** Number of places whose objects one list request shows for three periods. */
const MAX_WORKERS = 300;
/**
 * Requests a second for an account in one region, over all its queues: SMQ's documented guarantee (its
 * throttling policy), where batches of receives and sends count by their messages.
 */
const MAX_REQUESTS = 20_000;

/**
 * Keeps as many workers at a queue as its backlog needs. Looks at the queue every few seconds, starts one
 * worker for a few messages and doubles the number while more are still waiting, up to `maxWorkers`
 * including those already running. Ends when nothing waits or the deadline is near. Looks by peeking,
 * because the counts in a queue's attributes are going to be 0. Any number of fleets at a time start no
 * more workers than one does. Needs mns:PeekMessage, and what the places need. Throws a ConfigurationError
 * (`InvalidFleet`, `TooManyRequests`) before any request.
 */
export async function runFleet(queue: Queue, options: FleetOptions): Promise<FleetReport> {
  checkFleet(options);
  const { bucket, prefix = 'fleet/', workerSeconds, deadline, log } = options;
  const { clock = systemClock, pollMs = POLL_MS } = options;
  const places = new Places(bucket, `${prefix}${queue.name}/`, workerSeconds * 1000);
  const report: FleetReport = { started: 0, workers: 0, backlog: true };
  for (;;) {
    const { length: seen } = await retrying(() => queue.peekBatch(LOOK), { clock });
    report.backlog = seen > 0;
    if (!report.backlog) break;
    const taken = await places.taken(clock.now());
    const begun = await begin(places, taken, seen, options);
    report.started += begun;
    report.workers = Math.max(report.workers, taken.size);
    if (deadline.remaining() < RESERVE_MS + pollMs) break;
    await sleep(clock, pollMs);
  }
  log.info({ queue: queue.name, ...report }, 'Looked after the fleet');
  return report;
}

/** Starts the missing workers and adds their places. Returns how many were started. */
async function begin(
  places: Places,
  taken: Set<number>,
  seen: number,
  { maxWorkers, start, clock = systemClock }: FleetOptions,
): Promise<number> {
  const more = seen < LOOK ? 1 - taken.size : Math.max(1, taken.size);
  const wanted = Math.min(maxWorkers, taken.size + more);
  let begun = 0;
  for (let place = 1; place <= maxWorkers && taken.size < wanted; place++) {
    if (taken.has(place)) continue;
    taken.add(place);
    if (!(await places.take(place, clock.now()))) continue;
    await start(place);
    begun++;
  }
  return begun;
}

function checkFleet({ maxWorkers, workerSeconds, workerRequests }: FleetOptions): void {
  const isWithin = (value: number, max: number) => value >= 1 && value <= max;
  if (!isWithin(maxWorkers, MAX_WORKERS) || !isWithin(workerSeconds, 2 * 86_400))
    throw new ConfigurationError(`Fleet has ${maxWorkers} workers of ${workerSeconds} seconds`, {
      code: 'InvalidFleet',
      remedy: `give 1 to ${MAX_WORKERS} workers, each as long as its function's timeout`,
    });
  const requests = maxWorkers * workerRequests;
  if (requests > MAX_REQUESTS)
    throw new ConfigurationError(
      `${maxWorkers} workers of ${workerRequests} requests a second make ${requests}, over SMQ's ${MAX_REQUESTS}`,
      { code: 'TooManyRequests', remedy: 'lower MAX_WORKERS, or have the limit raised' },
    );
}
