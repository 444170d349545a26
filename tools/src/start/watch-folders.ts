import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/**
 * Calls `onChange` with each file that changes below the folders, as a path from `root` with forward
 * slashes. Returns a function that stops it. Each folder has its own watcher: on Linux, Node 20's recursive
 * one watches the files themselves, and so loses a file that an editor or git replaces by another.
 */
export function watchFolders(
  root: string,
  folders: readonly string[],
  onChange: (file: string) => void,
): () => void {
  const watchers = new Map<string, FSWatcher>();

  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const watchTree = (folder: string): string[] => {
    const watcher = watch(join(root, folder), (event, name) => {
      if (name !== null) changed(event, `${folder}/${name}`);
    });
    watcher.on('error', () => forget(folder));
    watchers.set(folder, watcher);
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? watchTree(path) : [path];
    });
  };
  const changed = (event: string, path: string): void => {
    onChange(path);
    if (event !== 'rename') return;
    for (const folder of [...watchers.keys()])
      if (folder === path || folder.startsWith(`${path}/`)) forget(folder);
    try {
      if (!statSync(join(root, path)).isDirectory()) return;
      for (const file of watchTree(path)) onChange(file);
    } catch {
      // It is gone already: the watcher of the folder above reports when it is back.
    }
  };

  for (const folder of folders) watchTree(folder);
  return () => {
    for (const folder of [...watchers.keys()]) forget(folder);
  };
}
