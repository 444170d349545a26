import { expect, it } from 'vitest';
import { layered } from '#src/console/map/layers';
import { seededRandom } from '#src/faults';

const heights = (ids: string) => new Map([...ids].map((id) => [id, 40]));

it('places what leads to something left of it, and what leads nowhere near', () => {
  const { places, columns } = layered(heights('abcdx'), [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'd'],
    ['x', 'd'],
  ]);
  const column = (id: string) => places.get(id)?.column;
  expect(['a', 'b', 'c', 'd', 'x'].map(column)).toEqual([0, 1, 2, 3, 2]);
  expect(columns).toBe(4);
});

it('turns the line of a circle that leads back, and no other', () => {
  const { places, routes } = layered(heights('abc'), [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
  ]);
  expect(['a', 'b', 'c'].map((id) => places.get(id)?.column)).toEqual([0, 1, 2]);
  for (const route of routes)
    expect(route.map(({ column }) => column)).toEqual(
      [...route.map(({ column }) => column)].sort((a, b) => a - b),
    );
  expect(routes[2]).toHaveLength(3);
});

it('crosses no lines where none has to be crossed', () => {
  const { places } = layered(heights('abcdef'), [
    ['a', 'f'],
    ['b', 'e'],
    ['c', 'd'],
  ]);
  const y = (id: string) => places.get(id)?.y;
  expect([y('a'), y('b'), y('c')]).toEqual([y('f'), y('e'), y('d')]);
});

it.each([1, 2, 3, 4, 5])(
  'lets nothing overlap and no line lead to the left, whatever the lines are (seed %i)',
  (seed) => {
    const random = seededRandom(seed);
    const ids = Array.from({ length: 40 }, (_, nth) => `n${nth}`);
    const any = () => ids[Math.floor(random() * ids.length)] ?? '';
    const lines = Array.from({ length: 70 }, () => [any(), any()] as const).filter(
      ([a, b]) => a !== b,
    );
    const { places, routes, height } = layered(
      new Map(ids.map((id) => [id, 30 + Math.floor(random() * 30)])),
      lines,
    );
    const columns = groups([...places.values()]);
    for (const column of columns.values()) {
      const ys = column.map(({ y }) => y).sort((a, b) => a - b);
      for (const [at, y] of ys.slice(1).entries())
        expect(y - (ys[at] ?? 0)).toBeGreaterThanOrEqual(30);
      expect(Math.max(...ys)).toBeLessThanOrEqual(height);
      expect(Math.min(...ys)).toBeGreaterThanOrEqual(0);
    }
    for (const route of routes)
      for (const [at, { column }] of route.slice(1).entries())
        expect(column).toBe((route[at]?.column ?? 0) + 1);
  },
);

function groups<T extends { column: number }>(all: T[]): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const one of all) found.set(one.column, [...(found.get(one.column) ?? []), one]);
  return found;
}

it('places a chain of three hundred in sequence', () => {
  const chain = Array.from({ length: 300 }, (_, nth) => `c${nth}`);
  const lines = chain.slice(1).map((id, nth) => [chain[nth] ?? '', id] as const);
  expect(layered(new Map(chain.map((id) => [id, 40])), lines).columns).toBe(300);
});
