export interface Groups<T> {
  /**
   * Adds changes to the group of this turn; resolves when it is written. When it cannot be, it
   * calls `undo`, which reverts the changes in memory, and rejects.
   */
  commit(changes: readonly T[], undo?: () => void): Promise<void>;
  /** The group of this turn; undefined when nothing waits to be written. */
  pending(): Promise<void> | undefined;
}

/**
 * Commits in groups: all that is asked for in one turn of the event loop is written together at its
 * end, by one synchronous call of `write`. A group is written whole or not at all, and so is each
 * commit in it; when `write` throws, the undos of the group run, the latest first, and every commit
 * of the group rejects with that error.
 *
 * Why no answer leaves before its commit. An answer is made after the promise that `commit` returned
 * has resolved. That is the promise of the group that the changes were added to, since both happen in
 * the same synchronous step; it resolves after `writeGroup` has returned, and `writeGroup` takes all
 * changes of its group and returns only after `write` has. A commit that comes while a group is being
 * written cannot be: `write` is synchronous. One that comes after it, in the same turn, finds no group
 * and begins the next. So what has been answered was in a `write` that had returned, and what `write`
 * has returned from is in the operating system's hands: the end of this process cannot take it back.
 */
export function inGroups<T>(write: (changes: readonly T[]) => void): Groups<T> {
  let changes: T[] = [];
  let undos: (() => void)[] = [];
  let group: Promise<void> | undefined;

  const writeGroup = (): void => {
    const together = changes;
    const back = undos;
    changes = [];
    undos = [];
    group = undefined;
    if (together.length === 0) return;
    try {
      write(together);
    } catch (error) {
      for (const undo of back.reverse()) undo();
      throw error;
    }
  };

  return {
    commit(more, undo) {
      for (const change of more) changes.push(change);
      if (undo) undos.push(undo);
      group ??= new Promise(setImmediate).then(writeGroup);
      return group;
    },
    pending: () => group,
  };
}
