// npx tsx --conditions=fc-source bench/faults.ts [messages]
// What faults do to the messages of one run, and what idempotency spares them: counts, which do not
// depend on the machine. How long a fault takes is up to leases and back-off, not to speed.

import { table } from 'fc-measure';
import { runUnderFaults, SCENARIOS, type Scenario } from '#test/e2e/faulty-run';

const MESSAGES = Number(process.argv[2] ?? 10_000);
const RATE = 0.1;

/** The same run with and without idempotency. */
async function row(scenario: Scenario): Promise<string[]> {
  const run = { scenario, messages: MESSAGES, rate: RATE };
  const { requests, faults, received, lost, repeated } = await runUnderFaults(run);
  const forgetful = await runUnderFaults({ ...run, idempotency: false });
  const counts = [requests, faults, received - MESSAGES, lost, repeated, forgetful.repeated];
  return [scenario, ...counts.map((count) => count.toLocaleString('en'))];
}

// Run at the same time: mostly they wait for leases.
const rows = await Promise.all((['none', ...SCENARIOS] as const).map(row));

console.log(
  `${MESSAGES.toLocaleString('en')} messages each, published, queued and drained with idempotency in OSS; each request meets the fault with a probability of ${RATE}\n`,
);
console.log(
  table([
    [
      'fault',
      'requests',
      'faults',
      'redeliveries',
      'lost',
      'side effect twice',
      'the same without idempotency',
    ],
    ...rows,
  ]),
);
