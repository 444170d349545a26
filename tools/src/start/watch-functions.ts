import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltFunction } from '../build/build.ts';
import { watchFolders } from './watch-folders.ts';

export interface WatchOptions {
  root: string;
  /** What is deployed, with the files it was made from. */
  built: readonly BuiltFunction[];
  /** Returns the functions that exist now. */
  names(): Promise<string[]>;
  /** Builds the named functions, at least one; what it throws is passed to `onError`. */
  rebuild(names: string[]): Promise<BuiltFunction[]>;
  onError(error: unknown): void;
}

/** Editors write a file in several steps. */
const QUIET_MS = 100;

/**
 * Rebuilds, one round after the other, the functions whose sources change, and new ones. Returns a function
 * that stops it.
 */
export function watchFunctions({ root, built, names, rebuild, onError }: WatchOptions): () => void {
  const inputs = new Map(built.map((one) => [one.name, new Set(one.inputs)]));
  const changed = new Set<string>();
  /** Functions whose last build failed. Rebuilt on any change: the fix may be in a file not imported yet. */
  const failed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  const round = async (): Promise<void> => {
    if (busy || changed.size === 0) return;
    busy = true;
    const files = [...changed];
    changed.clear();
    const wanted: string[] = [];
    try {
      for (const name of await names()) {
        const set = inputs.get(name);
        if (!set || failed.has(name) || files.some((file) => set.has(file))) wanted.push(name);
      }
      const rebuilt = wanted.length > 0 ? await rebuild(wanted) : [];
      for (const one of rebuilt) inputs.set(one.name, new Set(one.inputs));
      failed.clear();
    } catch (error) {
      for (const name of wanted) failed.add(name);
      onError(error);
    }
    busy = false;
    await round();
  };

  const stop = watchFolders(root, foldersOf(root, built), (file) => {
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(round, QUIET_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** Returns the project's top folders that the functions are made from, except installed packages. */
function foldersOf(root: string, built: readonly BuiltFunction[]): string[] {
  const tops = built.flatMap(({ inputs }) => inputs.map((file) => file.split('/')[0] ?? ''));
  return [...new Set(['functions', ...tops])].filter(
    (folder) =>
      folder !== 'node_modules' &&
      folder !== '..' &&
      statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory(),
  );
}
