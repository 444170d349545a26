import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { LocalCloudError } from '../../errors.ts';
import type { FunctionSpec } from '../../project/types.ts';
import { handlerFile } from '../instance/load.ts';
import { type Copied, copyTree } from './copy-tree.ts';
import { removeTree } from './remove-tree.ts';
import { showSources } from './show-sources.ts';

/** The code of one deployed version. */
export interface PlacedCode {
  /** The folder from which it runs. */
  dir: string;
  /** Call once nothing runs from it any more. */
  remove(): Promise<void>;
}

/**
 * Creates the folder for the runtime's own files. No parent of it has a node_modules, so that a
 * function finds only the packages that it brings.
 */
export async function makeRuntimeFolder(): Promise<string> {
  const places = [tmpdir(), ...(process.platform === 'win32' ? [] : ['/tmp', '/var/tmp'])];
  const alone = places.find((place) => !ancestors(place).some(hasPackages));
  return mkdtemp(join(alone ?? tmpdir(), 'fc-'));
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

function hasPackages(folder: string): boolean {
  return existsSync(join(folder, 'node_modules'));
}

/**
 * Places functions' code to run from, as Function Compute places it under /code: one folder for
 * each deployed version, with nothing of the project around it, and read-only.
 */
export class CodeStore {
  readonly #folder: string;
  readonly #without: readonly string[];
  readonly #copied = new Map<string, Copied>();
  #placed = 0;

  /**
   * `folder` is the store's own; it is created with the first version. `without` are absolute paths
   * that are never copied.
   */
  constructor(folder: string, without: readonly string[] = []) {
    this.#folder = folder;
    this.#without = without;
  }

  /**
   * Places a function's code as it is now; with `debugged`, a debugger is pointed to the original
   * files. Throws a LocalCloudError when it cannot be read.
   */
  async place(fn: FunctionSpec, { debugged = false } = {}): Promise<PlacedCode> {
    if (!existsSync(this.#folder)) {
      await mkdir(this.#folder, { recursive: true });
      // Ends the search for a package.json: scripts are CommonJS unless the package itself says otherwise.
      await writeFile(join(this.#folder, 'package.json'), '{}');
    }
    const dir = join(this.#folder, `${++this.#placed}`);
    try {
      if ((await stat(fn.codeDir)).isDirectory()) await this.#copy(fn, dir, debugged);
      else await (await import('./unzip.ts')).unzip(fn.codeDir, dir);
    } catch (error) {
      await removeTree(dir);
      throw unreadable(fn, error as NodeJS.ErrnoException);
    }
    return { dir, remove: () => removeTree(dir) };
  }

  async #copy(fn: FunctionSpec, dir: string, debugged: boolean): Promise<void> {
    // A copy for a debugger is modified, so nothing is linked to it.
    if (!debugged)
      return void this.#copied.set(
        fn.name,
        await copyTree(fn.codeDir, dir, this.#copied.get(fn.name), this.#without),
      );
    await copyTree(fn.codeDir, dir, undefined, this.#without);
    const file = handlerFile(fn.codeDir, fn.handler);
    await showSources(dir, { from: fn.codeDir, bundle: file && relative(fn.codeDir, file) });
  }
}

function unreadable(fn: FunctionSpec, { code, message }: NodeJS.ErrnoException): LocalCloudError {
  if (code === 'ENOENT')
    return new LocalCloudError(
      'CodeNotFound',
      `Function "${fn.name}" (${fn.source}) has no code: ${fn.codeDir} is missing`,
      fn.buildCommands
        ? `build it as s.yaml does before a deployment: ${fn.buildCommands.join(' && ')}`
        : 'put the built code there, or name its folder under code',
    );
  return new LocalCloudError(
    'CodeUnreadable',
    `Function "${fn.name}" (${fn.source}): its code in ${fn.codeDir} cannot be read: ${message}`,
    'give a folder, or a zip file of at most 500 MB unpacked',
  );
}
