import { stopwatch } from '../clock.ts';
import { LocalCloudError } from '../errors.ts';
import type { BuildStep, FunctionSpec } from '../project/types.ts';
import { runStep } from './run-step.ts';

export interface BuildOptions {
  /** Called with what is being done, and with what a step that failed has printed. */
  say(line: string): void;
  /** True reports what every step prints. */
  verbose?: boolean;
}

/**
 * Runs the steps of these functions one after another, each in order and equal ones once. Resolves
 * to the functions whose steps failed, by their key in s.yaml, each with the reason: the steps after
 * one that failed are not run for that function.
 */
export async function buildFunctions(
  functions: readonly Pick<FunctionSpec, 'resource' | 'buildSteps'>[],
  { say, verbose = false }: BuildOptions,
): Promise<Map<string, LocalCloudError>> {
  const done = new Map<string, Promise<LocalCloudError | undefined>>();
  const failed = new Map<string, LocalCloudError>();
  const once = (step: BuildStep) => {
    const key = JSON.stringify([step.path, step.run]);
    const running = done.get(key) ?? attempt(step, say, verbose);
    done.set(key, running);
    return running;
  };
  for (const { resource, buildSteps = [] } of functions)
    for (const step of buildSteps) {
      const error = await once(step);
      if (!error) continue;
      failed.set(resource, error);
      break;
    }
  return failed;
}

async function attempt(
  step: BuildStep,
  say: (line: string) => void,
  verbose: boolean,
): Promise<LocalCloudError | undefined> {
  const elapsed = stopwatch();
  say(`build: ${step.run}`);
  try {
    await runStep(step, (line) => verbose && say(`  ${line}`));
    if (verbose) say(`build: ${step.run}: done in ${(elapsed() / 1000).toFixed(1)} s`);
    return undefined;
  } catch (error) {
    if (!(error instanceof LocalCloudError)) throw error;
    if (!verbose && typeof error.cause === 'string' && error.cause !== '')
      for (const line of error.cause.split('\n')) say(`  ${line}`);
    return error;
  }
}
