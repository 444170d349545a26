import { DrivenClock } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { Slots } from '#src/consume/slots';

function slotsFor(ms: number, count = 2) {
  const clock = new DrivenClock();
  const end = clock.now() + ms;
  const time = {
    clock,
    get left() {
      return end - clock.now();
    },
  };
  const slots = new Slots(count, time);
  const taken: string[] = [];
  const take = (name: string) =>
    slots.take().then((has) => void taken.push(`${name} ${has ? 'has one' : 'is refused'}`));
  return { clock, slots, taken, take };
}

/** Returns a single slot, which is taken, with a second left that a test may set. */
async function takenSlot() {
  const clock = new DrivenClock();
  const time = { clock, left: 1000 };
  const slots = new Slots(1, time);
  await slots.take();
  return { clock, time, slots };
}

it('gives a free slot at once, and others in the order they were asked for', async () => {
  const { clock, slots, taken, take } = slotsFor(1000);
  const all = ['a', 'b', 'c', 'd'].map(take);
  expect(slots.free).toBe(-2);
  await clock.advance(0);
  expect(taken).toEqual(['a has one', 'b has one']);
  slots.release();
  slots.release();
  await Promise.all(all);
  expect(taken.slice(2)).toEqual(['c has one', 'd has one']);
  expect(slots.free).toBe(0);
  slots.release();
  slots.release();
  expect([slots.free, clock.pending]).toEqual([2, 0]);
});

it('refuses at once, when no time is left, all that wait and all that ask', async () => {
  const { clock, slots, taken, take } = slotsFor(1000, 1);
  const all = ['a', 'b', 'c'].map(take);
  await clock.advance(999);
  expect(taken).toEqual(['a has one']);
  await clock.advance(1);
  await Promise.all([...all, take('d')]);
  expect(taken.slice(1)).toEqual(['b is refused', 'c is refused', 'd is refused']);
  expect([slots.free, clock.pending]).toEqual([0, 0]);
  slots.release();
  expect(slots.free).toBe(1);
});

it('gives no slot to one that waits when the time turns out to be over before its timer', async () => {
  let left = 1000;
  const clock = new DrivenClock();
  const slots = new Slots(1, {
    clock,
    get left() {
      return left;
    },
  });
  await slots.take();
  const waiting = slots.take();
  left = 0;
  slots.release();
  expect(await waiting).toBe(false);
  expect([slots.free, clock.pending]).toEqual([1, 0]);
});

it('refuses, when no time is left, those that still wait after another has got a slot', async () => {
  const { clock, slots, taken, take } = slotsFor(1000, 1);
  const all = ['a', 'b', 'c'].map(take);
  await clock.advance(999);
  slots.release();
  await clock.advance(0);
  expect(taken).toEqual(['a has one', 'b has one']);
  await clock.advance(1);
  await Promise.all(all);
  expect(taken.slice(2)).toEqual(['c is refused']);
  expect([slots.free, clock.pending]).toEqual([0, 0]);
});

it('gives a slot in the last millisecond', async () => {
  const { clock, slots, taken, take } = slotsFor(1000, 1);
  const all = ['a', 'b'].map(take);
  await clock.advance(999);
  slots.release();
  await Promise.all(all);
  expect(taken).toEqual(['a has one', 'b has one']);
});

it('refuses in time again those that wait after the clock was set back', async () => {
  const { clock, time, slots } = await takenSlot();
  for (const again of [1000, 0]) {
    const waiting = slots.take();
    time.left = 0;
    await clock.advance(1000);
    expect(await waiting).toBe(false);
    expect(clock.pending).toBe(0);
    time.left = again;
  }
});

it('waits on when the time turns out not to be over at its timer', async () => {
  const { clock, time, slots } = await takenSlot();
  const waiting = slots.take();
  await clock.advance(1000);
  expect([slots.free, clock.pending]).toEqual([-1, 1]);
  time.left = 0;
  await clock.advance(1000);
  expect(await waiting).toBe(false);
  expect(clock.pending).toBe(0);
});
