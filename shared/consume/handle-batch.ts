import { mapConcurrently } from '../concurrency.ts';
import { AppError } from '../errors.ts';
import type { Verdict } from './handle-one.ts';
import { Run } from './run.ts';
import type { ConsumeOptions, ConsumeReport, Incoming } from './types.ts';

const CONCURRENCY = 16;

type Handled = Verdict & { outcome: 'handled' };

/**
 * Handles messages that were pushed, where all of them succeed or all of them are sent again
 * (EventBridge, an SMQ topic). Poison goes to quarantine and counts as seen to. When anything else
 * is left over it rejects with an AppError (`BatchIncomplete`), so that the batch comes again: give
 * `idempotency`, and what has succeeded is not run a second time then.
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
  await mapConcurrently(messages, concurrency, async (message) => {
    const { outcome, error } = await handleOneOf(message, run, handled);
    report.received++;
    report[outcome]++;
    if (error) errors.push(error);
  });
  run.end();

  log.info({ ...report }, 'Handled batch');
  const { received, failed, returned } = report;
  if (failed + returned === 0) {
    // Not before: what a message stood for is needed when the batch comes again.
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
): Promise<{ outcome: Exclude<keyof ConsumeReport, 'received'>; error?: Error }> {
  if (run.left <= 0) return { outcome: 'returned' };
  const receivedAt = run.clock.now();
  const verdict = await run.handle(message, new AbortController());
  if (verdict.outcome === 'busy') return { outcome: 'returned' };
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
