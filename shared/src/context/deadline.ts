import type { FunctionContext } from './function-context.ts';

/**
 * When an invocation has to end. FC passes no deadline: this one is computed from the function's timeout
 * and the moment the handler was entered, so it is late by the time FC spent before.
 */
export class Deadline {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly #now: () => number;

  constructor(context: Pick<FunctionContext, 'function'>, now: () => number = Date.now) {
    this.#now = now;
    this.at = now() + context.function.timeout * 1000;
  }

  /** Milliseconds left; negative once it has passed. */
  remaining(): number {
    return this.at - this.#now();
  }
}
