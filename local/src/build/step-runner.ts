import { stopwatch } from '../clock.ts';
import { LocalCloudError } from '../errors.ts';
import type { BuildStep, FunctionSpec } from '../project/types.ts';
import { runStep, type StepOptions } from './run-step.ts';

export interface StepRunnerOptions extends Pick<StepOptions, 'stopped' | 'watchdog'> {
  /** Called with the current activity, and with the output of a failed step. */
  say(line: string): void;
  /** True reports the output of every step. */
  verbose?: boolean;
}

/**
 * Builds one function. Resolves to the reason why that failed: the steps after a failed one are not
 * run.
 */
export type Build = (
  fn: Pick<FunctionSpec, 'resource' | 'buildSteps'>,
) => Promise<LocalCloudError | undefined>;

/**
 * Returns a builder of functions, one at a time: each function's steps in order, and equal steps
 * once for all of them.
 */
export function stepRunner(options: StepRunnerOptions): Build {
  const done = new Map<string, Promise<LocalCloudError | undefined>>();
  return async ({ buildSteps = [] }) => {
    for (const step of buildSteps) {
      const key = JSON.stringify([step.path, step.run]);
      const running = done.get(key) ?? attempt(step, options);
      done.set(key, running);
      const error = await running;
      if (error) return error;
    }
    return undefined;
  };
}

async function attempt(
  step: BuildStep,
  { say, verbose = false, stopped, watchdog }: StepRunnerOptions,
): Promise<LocalCloudError | undefined> {
  const elapsed = stopwatch();
  say(`build: ${step.run}`);
  try {
    const onLine = (line: string) => verbose && say(`  ${line}`);
    await runStep(step, { onLine, stopped, watchdog });
    if (verbose) say(`build: ${step.run}: done in ${(elapsed() / 1000).toFixed(1)} s`);
    return undefined;
  } catch (error) {
    if (!(error instanceof LocalCloudError)) throw error;
    if (!verbose && typeof error.cause === 'string' && error.cause !== '')
      for (const line of error.cause.split('\n')) say(`  ${line}`);
    return error;
  }
}
