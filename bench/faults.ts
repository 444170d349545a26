import { type Figures, runUnderFaults, SCENARIOS, type Scenario } from '#test/e2e/faulty-run';
import { table } from './measure.ts';

const MESSAGES = Number(process.argv[2] ?? 10_000);
const RATE = 0.1;

const perSecond = ({ messages, seconds }: Figures) => messages / seconds;

/** The same run with and without idempotency, the latter to see what it keeps from happening. */
async function row(
  scenario: Scenario,
  baseline: Figures | undefined,
): Promise<[Figures, string[]]> {
  const run = { scenario, messages: MESSAGES, rate: RATE };
  const figures = await runUnderFaults(run);
  const forgetful = await runUnderFaults({ ...run, idempotency: false });
  const ratio = baseline ? perSecond(figures) / perSecond(baseline) : 1;
  const { faults, requests, received, lost, repeated } = figures;
  const numbers = [requests, faults, received - MESSAGES, lost, repeated, forgetful.repeated];
  return [
    figures,
    [
      scenario,
      ...numbers.map((number) => number.toLocaleString('en')),
      perSecond(figures).toFixed(0),
      ratio.toFixed(2),
    ],
  ];
}

await runUnderFaults({ scenario: 'none', messages: 500, rate: RATE }); // to warm up
const [baseline, first] = await row('none', undefined);
const rows = [first];
for (const scenario of SCENARIOS) rows.push((await row(scenario, baseline))[1]);

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
      'messages/s',
      'of none',
    ],
    ...rows,
  ]),
);
