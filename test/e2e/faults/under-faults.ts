import { expect, it } from 'vitest';
import { runUnderFaults, type Scenario } from '../faulty-run.ts';

/** Each makes three requests or more, of which every tenth fails; `bench/faults.ts` takes more. */
const MESSAGES = 2_000;
const RATE = 0.1;

/** One file for each kind, so that they run at the same time. */
type Kind = 'answers' | 'connections' | 'deliveries';

const KINDS: Record<Exclude<Scenario, 'none'>, Kind> = {
  error: 'answers',
  html: 'answers',
  throttled: 'answers',
  latency: 'connections',
  'reset-before': 'connections',
  'reset-after': 'connections',
  duplicate: 'deliveries',
  'lost-lease': 'deliveries',
  sts: 'deliveries',
};

/** Faults that make messages come more than once. */
const REDELIVER: readonly Scenario[] = ['reset-after', 'duplicate', 'lost-lease'];

/** Tests that messages come through every fault of the kind. */
export function losesNothing(kind: Kind): void {
  const scenarios = (Object.keys(KINDS) as (keyof typeof KINDS)[]).filter(
    (scenario) => KINDS[scenario] === kind,
  );
  it.each(scenarios)(
    'with %s in every tenth request no message is lost and none takes effect twice',
    async (scenario) => {
      const figures = await runUnderFaults({ scenario, messages: MESSAGES, rate: RATE });
      expect(figures).toMatchObject({ messages: MESSAGES, lost: 0, repeated: 0 });
      expect(figures.faults).toBeGreaterThan(0);
      if (REDELIVER.includes(scenario)) expect(figures.received).toBeGreaterThan(MESSAGES);
    },
  );
}
