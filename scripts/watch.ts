import { watch } from 'node:fs';
import { join } from 'node:path';
import type { BuiltFunction } from './build.ts';

export interface WatchOptions {
  root: string;
  /** What is deployed, with the files it was made of. */
  built: readonly BuiltFunction[];
  /** Builds the named functions and puts them in place; what it throws is handed to `onError`. */
  redeploy(names: string[]): Promise<BuiltFunction[]>;
  onError(error: unknown): void;
}

const FOLDERS = ['functions', 'shared'];
/** Editors write a file in several steps. */
const QUIET_MS = 100;

/** Redeploys, one round after the other, the functions whose sources change. Returns a function that stops it. */
export function watchFunctions({ root, built, redeploy, onError }: WatchOptions): () => void {
  const inputs = new Map(built.map((one) => [one.name, new Set(one.inputs)]));
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  const round = async (): Promise<void> => {
    if (busy || changed.size === 0) return;
    busy = true;
    const files = [...changed];
    changed.clear();
    const names = [...inputs].filter(([, set]) => files.some((file) => set.has(file)));
    try {
      for (const one of await redeploy(names.map(([name]) => name)))
        inputs.set(one.name, new Set(one.inputs));
    } catch (error) {
      onError(error);
    }
    busy = false;
    await round();
  };

  const watchers = FOLDERS.map((folder) =>
    watch(join(root, folder), { recursive: true }, (_, file) => {
      if (file === null) return;
      changed.add(join(folder, file).replaceAll('\\', '/'));
      clearTimeout(timer);
      timer = setTimeout(round, QUIET_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
