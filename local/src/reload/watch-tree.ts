import { type FSWatcher, lstatSync, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/**
 * Calls `onChange` with the path of each file that changes in the folder and its subfolders, except
 * those that `skips` accepts. Returns a function that stops it. Each folder has its own watcher:
 * Node 20's recursive one watches the files themselves on Linux, and so loses a file that an editor
 * or git replaces. A folder that is gone, or cannot be watched, is skipped. What has changed by now
 * is reported from `since` on, in milliseconds since the epoch; of a folder in which a file came or
 * went, that is each file.
 */
export function watchTree(
  root: string,
  skips: (path: string) => boolean,
  onChange: (path: string) => void,
  since = Number.POSITIVE_INFINITY,
): () => void {
  const watchers = new Map<string, FSWatcher>();
  let stopped = false;

  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const enter = (folder: string): string[] => {
    if (stopped || watchers.has(folder)) return [];
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        if (name !== null) changed(event, join(folder, name));
      });
      watcher.on('error', () => forget(folder));
      watchers.set(folder, watcher);
      return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (skips(path)) return [];
        return entry.isDirectory() ? enter(path) : [path];
      });
    } catch {
      forget(folder);
      return [];
    }
  };
  const changed = (event: string, path: string): void => {
    if (stopped || skips(path)) return;
    onChange(path);
    if (event !== 'rename') return;
    for (const folder of [...watchers.keys()])
      if (folder === path || folder.startsWith(path + sep)) forget(folder);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      for (const file of enter(path)) onChange(file);
  };

  const files = enter(root);
  if (since < Number.POSITIVE_INFINITY) {
    const changedFolders = new Set([...watchers.keys()].filter((path) => timeOf(path) >= since));
    for (const folder of changedFolders) onChange(folder);
    for (const file of files)
      if (changedFolders.has(dirname(file)) || timeOf(file) >= since) onChange(file);
  }
  return () => {
    stopped = true;
    for (const folder of [...watchers.keys()]) forget(folder);
  };
}

/** Returns when a path last changed; one that is gone has just done so. */
function timeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? Number.POSITIVE_INFINITY;
}

/** Returns whether a path is the folder or in it. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * Watches a file or a folder that may not exist yet, or not always: `top`, or else the parent
 * folder, reports it. `since` is as for watchTree.
 */
export function watchPath(
  path: string,
  top: string,
  skips: (path: string) => boolean,
  onChange: (path: string) => void,
  since?: number,
): () => void {
  const isFolder = (at: string) => statSync(at, { throwIfNoEntry: false })?.isDirectory() === true;
  let from = isWithin(top, path) ? top : dirname(path);
  while (!isFolder(from) && dirname(from) !== from) from = dirname(from);
  return watchTree(
    from,
    (at) => !isWithin(at, path) && (!isWithin(path, at) || skips(at)),
    (at) => isWithin(path, at) && onChange(at),
    since,
  );
}

/** Returns whether a path is never edited by hand: installed packages and the history. */
export function isHousekeeping(path: string): boolean {
  return ['node_modules', '.git', '.s'].includes(basename(path));
}
