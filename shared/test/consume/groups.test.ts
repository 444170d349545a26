import { DrivenClock } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { Groups, type Turn } from '#src/consume/groups';

/** Work that starts in its turn and is ended by the test. */
function over(groups: Groups) {
  const begun: { name: string; turn: Turn; end(visibleAt?: number): void }[] = [];
  const add = (group: string, name: string) =>
    groups.inTurn(
      group,
      (turn) =>
        new Promise((end) => {
          begun.push({ name, turn, end });
        }),
    );
  const end = async (name: string, visibleAt?: number) => {
    begun.find((one) => one.name === name)?.end(visibleAt);
    for (let turns = 0; turns < 5; turns++) await Promise.resolve();
  };
  return { add, end, names: () => begun.map(({ name }) => name), begun };
}

it('is busy until the last message of each group is done', async () => {
  const groups = new Groups(new DrivenClock());
  const { add, end, names } = over(groups);
  expect(groups.busy).toBe(false);
  const all = [add('a', 'a1'), add('a', 'a2'), add('b', 'b1')];
  await end('');
  expect(names()).toEqual(['a1', 'b1']);
  await end('a1');
  await end('b1');
  expect(names()).toEqual(['a1', 'b1', 'a2']);
  expect(groups.busy).toBe(true);
  await end('a2');
  await Promise.all(all);
  expect(groups.busy).toBe(false);
});

it('stops a group after a failure until that message is visible again, and messages already in line in any case', async () => {
  const clock = new DrivenClock();
  const groups = new Groups(clock);
  const { add, end, begun } = over(groups);
  void add('a', 'a1');
  void add('a', 'a2');
  await end('');
  await end('a1', clock.now() + 5000);
  expect(begun.at(-1)).toMatchObject({ name: 'a2', turn: { stopped: true, heldFor: 5000 } });
  await clock.advance(6000);
  // It was given back, and is visible: the longer time counts.
  await end('a2', clock.now() - 1);
  void add('a', 'a3');
  await end('');
  expect(begun.at(-1)).toMatchObject({ name: 'a3', turn: { stopped: false, heldFor: 0 } });
  await end('a3', clock.now() + 100);
  await clock.advance(99);
  void add('a', 'a4');
  await end('');
  expect(begun.at(-1)).toMatchObject({ name: 'a4', turn: { stopped: true, heldFor: 1 } });
});
