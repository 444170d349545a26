import { sleep } from '../clock/clock.ts';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import { AppError } from '../errors/errors.ts';
import type { Verdict } from './handle-one.ts';
import { Run } from './run.ts';
import type { ConsumeOptions, ConsumeReport, Incoming } from './types.ts';

const CONCURRENCY = 16;
/** Before messages that another instance is handling are tried again. */
const BUSY_PAUSE_MS = 2000;

type Handled = Verdict & { outcome: 'handled' };
type Outcome = Exclude<keyof ConsumeReport, 'received'> | 'busy';

/**
 * Handles messages that were pushed, where all of them succeed or all of them are sent again
 * (EventBridge, an SMQ topic). Poison goes to quarantine and counts as done. A message that another
 * instance is handling, or was handling when it crashed, is waited for, since a pushed batch has few
 * retries. When any message is not done in the end, it rejects with an AppError (`BatchIncomplete`),
 * so that the batch comes again: with `idempotency` what has succeeded is not run a second time.
 */
export async function handleBatch<Payload>(
  messages: readonly Incoming[],
  options: ConsumeOptions<Payload>,
): Promise<ConsumeReport> {
  const { log, concurrency = CONCURRENCY } = options;
  const run = new Run(options);
  const { report } = run;
  const errors: Error[] = [];
  const handled: Handled[] = [];
  const handleAll = async (some: readonly Incoming[]): Promise<Incoming[]> => {
    const busy: Incoming[] = [];
    await mapConcurrently(some, concurrency, async (message) => {
      const { outcome, error } = await handleOneOf(message, run, handled);
      if (outcome === 'busy') busy.push(message);
      else report[outcome]++;
      if (error) errors.push(error);
    });
    return busy;
  };
  report.received = messages.length;
  let busy = await handleAll(messages);
  while (busy.length > 0 && run.left > BUSY_PAUSE_MS) {
    await sleep(run.clock, BUSY_PAUSE_MS);
    busy = await handleAll(busy);
  }
  report.returned += busy.length;
  run.end();

  log.info({ ...report }, 'Handled batch');
  const { received, failed, returned } = report;
  if (failed + returned === 0) {
    // Only now: a batch that comes again needs the payloads of its claim checks.
    for (const verdict of handled) await run.acknowledge(verdict);
    return report;
  }
  const [cause] = errors;
  throw new AppError(`${failed + returned} of ${received} messages are not handled`, {
    code: 'BatchIncomplete',
    remedy: 'they come again; their errors are in the logs, by message id',
    cause,
  });
}

async function handleOneOf<Payload>(
  message: Incoming,
  run: Run<Payload>,
  handled: Handled[],
): Promise<{ outcome: Outcome; error?: Error }> {
  if (run.left <= 0) return { outcome: 'returned' };
  const receivedAt = run.clock.now();
  const verdict = await run.handle(message, new AbortController());
  if (verdict.outcome === 'busy') return { outcome: 'busy' };
  if (verdict.outcome === 'handled') {
    handled.push(verdict);
    return { outcome: 'handled' };
  }
  const { attempt, error, log } = verdict;
  if (verdict.outcome === 'poison' && (await run.setAside(message, verdict, receivedAt)))
    return { outcome: 'dead' };
  log.error({ attempt, error }, 'Message failed');
  return { outcome: 'failed', error };
}
