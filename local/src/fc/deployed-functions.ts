import type { FunctionSpec } from '../project/types.ts';
import type { PlacedCode } from './code/code-store.ts';
import { FcError } from './errors.ts';
import type { Pool, Waiting } from './pool.ts';
import type { Trigger } from './triggers/trigger.ts';

/** One version of a function, placed and ready. */
export interface Deployed {
  fn: FunctionSpec;
  pool: Pool;
  triggers: Trigger[];
  code: PlacedCode;
}

/**
 * The deployed functions, by their deployed name or their key in s.yaml, and the remains of earlier
 * versions.
 */
export class DeployedFunctions {
  readonly #deployed = new Map<string, Deployed>();
  /**
   * Removed functions whose events may still wait; an outcome is sent as the removed function
   * specified.
   */
  readonly #removed = new Map<string, FunctionSpec>();
  /** Pools of earlier versions that still have work in progress. */
  readonly #retired = new Set<Pool>();

  find(name: string): Deployed | undefined {
    const byName = this.#deployed.get(name);
    return byName ?? [...this.#deployed.values()].find(({ fn }) => fn.resource === name);
  }

  /** Returns a function. Throws an FcError for one that does not exist. */
  get(name: string): Deployed {
    const found = this.find(name);
    if (found) return found;
    throw new FcError('FunctionNotFound', `Function "${name}" does not exist`);
  }

  /** Returns the function, also when it has been removed. */
  specOf(name: string): FunctionSpec {
    return this.#removed.get(name) ?? this.get(name).fn;
  }

  /** Replaces the previous version, whose code is removed once nothing runs from it. */
  replace(next: Deployed): void {
    const before = this.#deployed.get(next.fn.name);
    this.#deployed.set(next.fn.name, next);
    this.#removed.delete(next.fn.name);
    for (const trigger of before?.triggers ?? []) trigger.stop();
    if (before) next.pool.adopt(this.#retire(before));
    for (const trigger of next.triggers) trigger.start();
  }

  /** Removes a function; its waiting invocations are refused. */
  remove(name: string): void {
    const found = this.find(name);
    if (!found) return;
    this.#deployed.delete(found.fn.name);
    this.#removed.set(found.fn.name, found.fn);
    for (const trigger of found.triggers) trigger.stop();
    for (const { reject } of this.#retire(found))
      reject(new FcError('FunctionNotFound', `Function "${found.fn.name}" does not exist`));
  }

  stopTriggers(): void {
    for (const { triggers } of this.#deployed.values())
      for (const trigger of triggers) trigger.stop();
  }

  /** Ends every instance, of earlier versions too. */
  async closePools(): Promise<void> {
    const pools = [...this.#retired, ...[...this.#deployed.values()].map(({ pool }) => pool)];
    await Promise.all(pools.map((pool) => pool.close()));
  }

  /**
   * Retires a version: its instances finish their work, and its code is removed with the last of
   * them. Returns its waiting invocations.
   */
  #retire({ pool, code }: Deployed): Waiting[] {
    const waiting = pool.retire();
    this.#retired.add(pool);
    void pool.emptied.then(async () => {
      this.#retired.delete(pool);
      await code.remove();
    });
    return waiting;
  }
}
