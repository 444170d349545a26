import type { Change, Store } from '../core/store.ts';

/**
 * Commits in groups: all that is asked for in one turn of the event loop is written together at its
 * end. A group is written whole or not at all, and so is each commit in it; when `write` throws,
 * every commit of the group rejects with that error.
 */
export function inGroups(write: (changes: readonly Change[]) => void): Store['commit'] {
  let changes: Change[] = [];
  let group: Promise<void> | undefined;

  const writeGroup = (): void => {
    const together = changes;
    changes = [];
    group = undefined;
    if (together.length > 0) write(together);
  };

  return (more) => {
    for (const change of more) changes.push(change);
    group ??= new Promise(setImmediate).then(writeGroup);
    return group;
  };
}
