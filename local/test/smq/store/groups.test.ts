import { expect, it } from 'vitest';
import type { Change } from '#src/smq/core/store';
import { inGroups } from '#src/smq/store/groups';

const change = (key: string): Change => ({ table: 'settings', key, value: 1 });
const keys = (changes: readonly Change[]) => changes.map(({ key }) => key);

it('writes the commits of one turn together, in order, and those of the next by themselves', async () => {
  const written: unknown[] = [];
  const commit = inGroups((changes) => written.push(keys(changes)));
  const first = [commit([change('a'), change('b')]), commit([change('c')])];
  expect(written).toEqual([]);
  await Promise.all(first);
  await commit([change('d')]);
  expect(written).toEqual([['a', 'b', 'c'], ['d']]);
});

it('rejects every commit of a group that cannot be written, and none after it', async () => {
  let full = true;
  const commit = inGroups(() => {
    if (full) throw new Error('no space left on device');
  });
  const results = await Promise.allSettled([commit([change('a')]), commit([change('b')])]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  full = false;
  await expect(commit([change('c')])).resolves.toBeUndefined();
});
