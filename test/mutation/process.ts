import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Plan, type Progress, readProgress, writePlan } from './plan.ts';
import type { Order, Start, Verdict } from './worker.ts';

/** Milliseconds without any progress that mean that a mutant never ends. */
const MAX_SILENCE_MS = 45_000;
const POLL_MS = 500;

export interface Run {
  /** Undefined if it never ended and was killed. */
  verdict: Verdict | undefined;
  progress: Progress[];
}

/** The process with the tests; it is replaced after a run that never ended. */
export class TestProcess {
  readonly #start: Start;
  #process: ReturnType<typeof fork> | undefined;

  constructor(start: Start) {
    this.#start = start;
  }

  async run(plan: Plan, modules?: string[]): Promise<Run> {
    writePlan(this.#start.plan, plan);
    this.#process ??= await this.#started();
    const verdict = await this.#answer(this.#process, modules ? { modules } : {});
    if (!verdict) this.end();
    return { verdict, progress: readProgress(this.#start.plan) };
  }

  end(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  async #started() {
    const started = fork(join(import.meta.dirname, 'worker.ts'), [], {
      cwd: this.#start.root,
      execArgv: ['--import', 'tsx', '--conditions=fc-source'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.send(this.#start);
    await once(started, 'message');
    return started;
  }

  async #answer(child: ReturnType<typeof fork>, order: Order): Promise<Verdict | undefined> {
    const settled = new AbortController();
    const { signal } = settled;
    let seen = -1;
    let since = performance.now();
    const watch = setInterval(() => {
      const { length } = readProgress(this.#start.plan);
      if (length !== seen) since = performance.now();
      seen = length;
      if (performance.now() - since > MAX_SILENCE_MS) settled.abort();
    }, POLL_MS);
    try {
      child.send(order);
      const [verdict] = (await Promise.race([
        once(child, 'message', { signal }),
        once(child, 'exit', { signal }).then(() => [undefined]),
      ])) as [Verdict | undefined];
      return verdict;
    } catch {
      return undefined;
    } finally {
      clearInterval(watch);
      settled.abort();
    }
  }
}
