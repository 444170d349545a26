import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The purpose of a run of the tests. */
export type Plan =
  /** Finds out which mutants each test reaches; none is on. */
  | { kind: 'cover' }
  /**
   * Runs each test with each of its mutants on, one after the other; a mutant noticed by one test is not
   * tried with others.
   */
  | { kind: 'try'; tests: Record<string, Trial> }
  /** Runs the tests as usual, in modules loaded with the mutant on. */
  | { kind: 'load'; mutant: number };

export interface Trial {
  mutants: number[];
  /** Milliseconds after which the mutant counts as noticed: the test waits for something that no longer happens. */
  limitMs: number;
}

/** A line that a run reports as it proceeds, so that nothing is lost when a mutant never ends. */
export type Progress =
  | { of: 'begun'; mutant: number }
  | { of: 'noticed'; mutant: number }
  /** The unchanged test fails after these: they have broken more than themselves. */
  | { of: 'unsure'; mutants: number[] }
  | { of: 'reached'; test: string; mutants: number[]; ms: number }
  /** Reached by no test: when a module was loaded, in a hook, in work that a test has left running. */
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
