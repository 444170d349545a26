// Vitest's runner for tests of mutated sources, which follows the plan. It is loaded where the tests are.
import { setMaxListeners } from 'node:events';
import { type RunnerTestCase, TestRunner } from 'vitest';
import { PLAN, readPlan, tell } from './plan.ts';
import { SWITCH } from './switched.ts';

const path = process.env[PLAN] ?? '';
const plan = readPlan(path);
// A test that is run a hundred times listens a hundred times for its own end.
setMaxListeners(0);
let on = plan.kind === 'load' ? plan.mutant : -1;
/** The mutants that the current test has reached. */
let reached: Set<number> | undefined;
const loaded = new Set<number>();
const noticed = new Set<number>();

Object.assign(globalThis, {
  [SWITCH]: (mutant: number): boolean => {
    if (plan.kind === 'cover') (reached ?? loaded).add(mutant);
    return mutant === on;
  },
});

/** After all of a test's mutants it is run unchanged, as proof that it still passes. */
const UNCHANGED = -1;

export default class MutationRunner extends TestRunner {
  /** What is left to do with the current test. */
  #left: number[] = [];
  #noticedHere: number[] = [];
  #began = 0;

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test);
    if (plan.kind !== 'try') return;
    this.#left = (plan.tests[test.id]?.mutants ?? []).filter((mutant) => !noticed.has(mutant));
    this.#noticedHere = [];
    if (this.#left.length === 0) test.mode = 'skip';
    this.#left.push(UNCHANGED);
    test.repeats = this.#left.length - 1;
  }

  override onBeforeTryTask(test: RunnerTestCase): void {
    super.onBeforeTryTask(test);
    this.#began = performance.now();
    if (plan.kind === 'cover') reached = new Set();
    if (plan.kind !== 'try') return;
    on = this.#left.shift() ?? UNCHANGED;
    if (on !== UNCHANGED) tell(path, { of: 'begun', mutant: on });
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test);
    if (plan.kind !== 'try' || on === UNCHANGED) {
      // Nothing was noticed here that has to be proved.
      if (plan.kind !== 'try' || this.#noticedHere.length > 0) await run();
      return;
    }
    try {
      await within(plan.tests[test.id]?.limitMs ?? 0, run());
    } catch {
      this.#notice();
    }
  }

  onAfterRetryTask(test: RunnerTestCase): void {
    const failed = test.result?.state === 'fail';
    if (plan.kind === 'cover') {
      const ms = performance.now() - this.#began;
      tell(path, { of: 'reached', test: test.id, mutants: [...(reached ?? [])], ms });
      reached = undefined;
    }
    if (plan.kind !== 'try') return;
    if (failed && on === UNCHANGED) tell(path, { of: 'unsure', mutants: this.#noticedHere });
    if (failed && on !== UNCHANGED) this.#notice(); // by a hook
    on = UNCHANGED;
    // The effect of a mutant on a test does not end the run.
    if (test.result) Object.assign(test.result, { state: 'pass', errors: undefined });
  }

  override onAfterRunFiles(): void {
    super.onAfterRunFiles();
    if (plan.kind === 'cover') tell(path, { of: 'loaded', mutants: [...loaded] });
  }

  #notice(): void {
    if (noticed.has(on)) return;
    noticed.add(on);
    this.#noticedHere.push(on);
    tell(path, { of: 'noticed', mutant: on });
  }
}

async function within(limitMs: number, work: unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('Too late')), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
