import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalCloudError } from '../errors.ts';
import type { FunctionSpec } from '../project/types.ts';

/** Milliseconds; a shim may check several files before it starts the interpreter. */
const MAX_ANSWER_MS = 20_000;

/** Prints its own path: a shim, or the link of a virtual environment, runs another. */
const WHERE = 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)';

/** Finds the Python interpreters of this machine, each once. */
export class Pythons {
  readonly #found = new Map<string, Promise<string | undefined>>();

  /**
   * Resolves to the interpreter of a function's runtime: python3.10 for `python3.10` if it exists,
   * else python3. Throws a LocalCloudError when neither does.
   */
  async of(fn: FunctionSpec): Promise<string> {
    if (process.platform === 'win32')
      throw new LocalCloudError(
        'RuntimeNotHere',
        `Function "${fn.name}" (${fn.source}): ${fn.runtime} does not run on Windows here`,
        'use WSL',
      );
    const names = [...new Set([fn.runtime, 'python3'])];
    for (const name of names) {
      const path = await this.#find(name);
      if (path) return path;
    }
    throw new LocalCloudError(
      'RuntimeNotHere',
      `Function "${fn.name}" (${fn.source}) needs Python, and no ${names.join(' or ')} is on the PATH`,
      'install Python 3.8 or newer',
    );
  }

  #find(name: string): Promise<string | undefined> {
    const known = this.#found.get(name);
    if (known) return known;
    const found = promisify(execFile)(name, ['-c', WHERE], { timeout: MAX_ANSWER_MS }).then(
      ({ stdout }) => stdout.trim() || undefined,
      () => undefined,
    );
    this.#found.set(name, found);
    return found;
  }
}
