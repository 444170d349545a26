import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/** What the tests are run for. */
export type Plan =
  /** To learn which mutants each test reaches; none is on. */
  | { kind: 'cover' }
  /** Each test with each of its mutants on, one after the other; what one test has noticed is no other's any more. */
  | { kind: 'try'; tests: Record<string, Trial> }
  /** The usual way, in modules loaded with the mutant on. */
  | { kind: 'load'; mutant: number };

export interface Trial {
  mutants: number[];
  /** Milliseconds after which it counts as noticed: the test waits for what does not happen any more. */
  limitMs: number;
}

/** A line of what a run has to say as it goes on, so that nothing is lost when a mutant never ends. */
export type Progress =
  | { of: 'begun'; mutant: number }
  | { of: 'noticed'; mutant: number }
  /** The unchanged test fails after these: they have broken more than themselves. */
  | { of: 'unsure'; mutants: number[] }
  | { of: 'reached'; test: string; mutants: number[]; ms: number }
  /** By no test: when a module was loaded, in a hook, in what a test has left running. */
  | { of: 'loaded'; mutants: number[] };

/** The variable that names the file of the plan. */
export const PLAN = 'MUTATION_PLAN';

const progressOf = (path: string) => `${path}.progress`;

export function writePlan(path: string, plan: Plan): void {
  writeFileSync(path, JSON.stringify(plan));
  writeFileSync(progressOf(path), '');
}

export function readPlan(path: string): Plan {
  return JSON.parse(readFileSync(path, 'utf8')) as Plan;
}

export function tell(path: string, progress: Progress): void {
  appendFileSync(progressOf(path), `${JSON.stringify(progress)}\n`);
}

export function readProgress(path: string): Progress[] {
  if (!existsSync(progressOf(path))) return [];
  const lines = readFileSync(progressOf(path), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Progress);
}
