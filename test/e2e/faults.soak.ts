import { expect, it } from 'vitest';
import { runUnderFaults, SCENARIOS, type Scenario } from './faulty-run.ts';

const MESSAGES = 10_000;
const RATE = 0.1;
/** Those that have messages come more than once. */
const REDELIVER: readonly Scenario[] = ['reset-after', 'duplicate', 'lost-lease'];

it.each(SCENARIOS)(
  'with %s in every tenth request no message is lost and none takes effect twice',
  async (scenario) => {
    const figures = await runUnderFaults({ scenario, messages: MESSAGES, rate: RATE });
    expect(figures).toMatchObject({ messages: MESSAGES, lost: 0, repeated: 0 });
    expect(figures.faults).toBeGreaterThan(0);
    if (REDELIVER.includes(scenario)) expect(figures.received).toBeGreaterThan(MESSAGES);
  },
);
