import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalCloudError } from '../errors.ts';
import type { FunctionSpec } from '../project/types.ts';

/** Milliseconds; a shim may check several files before it starts the interpreter. */
const MAX_ANSWER_MS = 20_000;

/** Prints its own path: a shim, or the link of a virtual environment, runs another. */
const WHERE = 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)';

/** Interpreters found by this process, by PATH and name: asking a shim takes half a second. */
const found = new Map<string, Promise<string | undefined>>();

/** Finds the Python interpreters of this machine. */
export class Pythons {
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
    const key = `${process.env.PATH}\0${name}`;
    const known = found.get(key);
    if (known) return known;
    const finding = promisify(execFile)(name, ['-c', WHERE], { timeout: MAX_ANSWER_MS }).then(
      ({ stdout }) => stdout.trim() || undefined,
      ({ killed }: { killed?: boolean }) => {
        // It was too slow, and may answer in time later.
        if (killed) found.delete(key);
        return undefined;
      },
    );
    found.set(key, finding);
    return finding;
  }
}
