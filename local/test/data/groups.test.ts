import { expect, it } from 'vitest';
import { inGroups } from '#src/data/groups';

it('writes the commits of one turn together, in order, and those of the next by themselves', async () => {
  const written: unknown[] = [];
  const { commit } = inGroups<string>((changes) => written.push([...changes]));
  const first = [commit(['a', 'b']), commit(['c'])];
  expect(written).toEqual([]);
  await Promise.all(first);
  await commit(['d']);
  expect(written).toEqual([['a', 'b', 'c'], ['d']]);
});

it('resolves no commit before its group is written, whatever the turn it was asked for in', async () => {
  const written = new Set<number>();
  const { commit } = inGroups<number>((changes) => {
    for (const change of changes) written.add(change);
  });
  let next = 0;
  const one = async (left: number): Promise<void> => {
    const mine = next++;
    await commit([mine]);
    expect(written.has(mine)).toBe(true);
    if (left > 0) await Promise.all([one(left - 1), one(left - 1)]);
  };
  const turns = [setImmediate, process.nextTick, queueMicrotask].map(
    (turn) => new Promise<void>((resolve) => turn(() => resolve(one(6)))),
  );
  await Promise.all([one(6), ...turns]);
  expect(written.size).toBe(next);
});

it('rejects every commit of a group that cannot be written, and none after it', async () => {
  let full = true;
  const { commit } = inGroups<string>(() => {
    if (full) throw new Error('no space left on device');
  });
  const results = await Promise.allSettled([commit(['a']), commit(['b'])]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  full = false;
  await expect(commit(['c'])).resolves.toBeUndefined();
});

it('takes back what a group changed, the latest first, before any of its commits rejects', async () => {
  const { commit } = inGroups<string>(() => {
    throw new Error('no space left on device');
  });
  const taken: string[] = [];
  const both = ['first', 'second'].map((name) =>
    commit([name], () => taken.push(name)).catch(() => {
      expect(taken).toEqual(['second', 'first']);
    }),
  );
  await Promise.all(both);
  expect(taken).toEqual(['second', 'first']);
});

it('says that something waits to be written for as long as it does', async () => {
  const { commit, pending } = inGroups<string>(() => {});
  expect(pending()).toBeUndefined();
  const kept = commit(['a']);
  expect(pending()).toBe(kept);
  await kept;
  expect(pending()).toBeUndefined();
});
