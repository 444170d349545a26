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
  /** Begins their keys, the queue's name follows; default `fleet/`. */
  prefix?: string;
  /** Workers at a time, those running already included: 1 to 300. */
  maxWorkers: number;
  /** For how long a worker may run, its start included: its function's timeout and the age at which FC drops its event. */
  workerSeconds: number;
  /** Requests a second that one worker makes of SMQ at most, as SMQ counts them: a batch counts once for each message. */
  workerRequests: number;
  /** Begins one worker and does not wait for it: invokes its function asynchronously. */
  start(place: number): Promise<unknown>;
  /** When the invocation ends. */
  deadline: Pick<Deadline, 'remaining'>;
  /** Milliseconds from one look at the queue to the next; default 3,000. */
  pollMs?: number;
  log: Log;
  clock?: Clock;
}

export interface FleetReport {
  /** Workers begun by this run. */
  started: number;
  /** The most at a time, those begun by earlier runs included. */
  workers: number;
  /** Whether messages were waiting at the last look. */
  backlog: boolean;
}

/** Messages that one look brings at most. A full look says that there are more. */
const LOOK = 16;
const POLL_MS = 3000;
const RESERVE_MS = 5000;
/** Places that one list of objects shows for three periods. */
const MAX_WORKERS = 300;
/** Requests a second for an account in one region, over all of its queues: SMQ's documented guarantee (its throttling policy), batches of receives and sends counted by their messages. */
const MAX_REQUESTS = 20_000;

/**
 * Keeps as many workers at a queue as its backlog takes: looks at the queue every few seconds, begins one
 * worker for a few messages and twice as many each time that more are still waiting, `maxWorkers` at most
 * with those that run already, and ends when nothing waits or the deadline is near. Looks by peeking: the
 * counts in a queue's attributes are going to be 0. It begins nothing but workers, so it ends by itself,
 * and any number of fleets at a time begin no more workers than one. Needs mns:PeekMessage, and what
 * the places need. Throws a ConfigurationError (`InvalidFleet`, `TooManyRequests`) before it asks anything.
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

/** Begins the workers that are missing and adds their places; how many. */
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
