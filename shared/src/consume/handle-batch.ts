import { sleep } from '../clock/clock.ts';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import { AppError } from '../errors/errors.ts';
import { Consumption } from './consumption.ts';
import { logBusy } from './handle-one.ts';
import type { Incoming } from './message.ts';
import type { ConsumeOptions, ConsumeReport } from './options.ts';

const CONCURRENCY = 16;
/** Delay before messages that another instance is handling are tried again. */
const BUSY_PAUSE_MS = 2000;

type Outcome = Exclude<keyof ConsumeReport, 'received'> | 'busy';

/**
 * Handles pushed messages, which all succeed or are all sent again (EventBridge, an SMQ topic). Poison goes
 * to quarantine and counts as done. A message that another instance is handling, or was handling when it
 * crashed, is waited for, since a pushed batch has few retries; the log names each of these once and then
 * reports their number at growing intervals. Rejects with an AppError (`BatchIncomplete`) when any message
 * is not done in the end, so that the batch comes again; with `idempotency`, messages that have succeeded
 * are not run a second time.
 */
export async function handleBatch<Payload>(
  messages: readonly Incoming[],
  options: ConsumeOptions<Payload>,
): Promise<ConsumeReport> {
  const { log, concurrency = CONCURRENCY } = options;
  const consumption = new Consumption(options);
  const { report } = consumption;
  const errors: Error[] = [];
  const handleAll = async (some: readonly Incoming[], again: boolean): Promise<Incoming[]> => {
    const busy: Incoming[] = [];
    await mapConcurrently(some, concurrency, async (message) => {
      const { outcome, error } = await handleOneOf(message, consumption, again);
      if (outcome === 'busy') busy.push(message);
      else report[outcome]++;
      if (error) errors.push(error);
    });
    return busy;
  };
  report.received = messages.length;
  let busy = await handleAll(messages, false);
  const begun = consumption.clock.now();
  let nextLine = 2 * BUSY_PAUSE_MS;
  while (busy.length > 0 && consumption.left > BUSY_PAUSE_MS) {
    await sleep(consumption.clock, BUSY_PAUSE_MS);
    busy = await handleAll(busy, true);
    const waited = consumption.clock.now() - begun;
    if (busy.length === 0 || waited < nextLine) continue;
    log.info({ messages: busy.length, seconds: waited / 1000 }, 'Still waiting for others');
    nextLine = 2 * waited;
  }
  report.returned += busy.length;
  consumption.end();

  log.info({ ...report }, 'Handled batch');
  const { received, failed, returned } = report;
  if (failed + returned === 0) return report;
  const [cause] = errors;
  throw new AppError(`${failed + returned} of ${received} messages are not handled`, {
    code: 'BatchIncomplete',
    remedy: 'they come again; their errors are in the logs, by message id',
    cause,
  });
}

async function handleOneOf<Payload>(
  message: Incoming,
  consumption: Consumption<Payload>,
  again: boolean,
): Promise<{ outcome: Outcome; error?: Error }> {
  if (consumption.left <= 0) return { outcome: 'returned' };
  const receivedAt = consumption.clock.now();
  const verdict = await consumption.handle(message, new AbortController());
  if (verdict.outcome === 'busy') {
    if (!again) logBusy(verdict); // logged once for each message, however long it is waited for
    return { outcome: 'busy' };
  }
  if (verdict.outcome === 'handled') return { outcome: 'handled' };
  const { attempt, error, log } = verdict;
  if (verdict.outcome === 'poison') {
    const aside = await consumption.setAside(message, verdict, receivedAt);
    verdict.release();
    if (aside) return { outcome: 'dead' };
  }
  log.error({ attempt, error }, 'Message failed');
  return { outcome: 'failed', error };
}
