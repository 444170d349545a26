/** A place in a column: a node, or the bend of a line that passes a column. */
interface Cell {
  id: string;
  column: number;
  height: number;
  /** Vertical position of its middle. */
  y: number;
  before: Cell[];
  after: Cell[];
}

export interface Laid {
  /** Column and middle of each node. */
  places: ReadonlyMap<string, { column: number; y: number }>;
  /** The places that each line passes, from left to right; lines in the order given. */
  routes: readonly (readonly { column: number; y: number }[])[];
  columns: number;
  height: number;
}

type Line = readonly [from: string, to: string];

const ROW_GAP = 16;
const BEND_HEIGHT = 12;
const SWEEPS = 12;
const SETTLINGS = 24;

/**
 * Places nodes in columns so that lines lead to the right, with few crossings; one line of a circle
 * leads back. Takes time about linear in nodes, and quadratic in the lines between two columns.
 */
export function layered(heights: ReadonlyMap<string, number>, lines: readonly Line[]): Laid {
  const cells = new Map([...heights].map(([id, height]) => [id, cell(id, height)] as const));
  const forward = withoutCircles([...heights.keys()], lines);
  setColumns(cells, forward);
  const all = [...cells.values()];
  const routes = forward.map(([from, to]) => {
    const route = chain(cells.get(from) as Cell, cells.get(to) as Cell);
    all.push(...route.slice(1, -1));
    return route;
  });
  const columns: Cell[][] = [];
  for (const one of all) {
    columns[one.column] ??= [];
    columns[one.column]?.push(one);
  }
  settle(ordered(columns));
  const top = Math.min(0, ...all.map(({ y, height }) => y - height / 2));
  for (const one of all) one.y -= top;
  return {
    places: cells,
    routes,
    columns: columns.length,
    height: Math.max(0, ...all.map(({ y, height }) => y + height / 2)),
  };
}

function cell(id: string, height: number): Cell {
  return { id, height, column: 0, y: 0, before: [], after: [] };
}

/** Returns the lines from left to right: those that close a circle are reversed. */
function withoutCircles(ids: readonly string[], lines: readonly Line[]): Line[] {
  const targets = new Map<string, string[]>();
  for (const [from, to] of lines) targets.set(from, [...(targets.get(from) ?? []), to]);
  const entered = new Map(ids.map((id) => [id, 0]));
  for (const [, to] of lines) entered.set(to, (entered.get(to) ?? 0) + 1);
  // Nodes without incoming lines first: then the reversed lines are those that lead back.
  const starts = [...ids].sort((a, b) => Number(entered.get(a)) - Number(entered.get(b)));
  const order = new Map<string, number>();
  const done = new Set<string>();
  const visit = (start: string): void => {
    const path = [{ id: start, next: 0 }];
    done.add(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = targets.get(top.id)?.[top.next++];
      if (next === undefined) {
        order.set(top.id, -order.size);
        path.pop();
      } else if (!done.has(next)) {
        done.add(next);
        path.push({ id: next, next: 0 });
      }
    }
  };
  for (const id of starts) if (!done.has(id)) visit(id);
  return lines.map(([from, to]) =>
    Number(order.get(from)) < Number(order.get(to)) ? [from, to] : [to, from],
  );
}

/**
 * Puts each cell as far right as its longest path; one without incoming lines, next to its target.
 */
function setColumns(cells: ReadonlyMap<string, Cell>, lines: readonly Line[]): void {
  const out = new Map<string, Cell[]>();
  const waiting = new Map<string, number>();
  for (const [from, to] of lines) {
    out.set(from, [...(out.get(from) ?? []), cells.get(to) as Cell]);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const sources = [...cells.values()].filter(({ id }) => !waiting.has(id));
  const ready = [...sources];
  for (const one of ready)
    for (const next of out.get(one.id) ?? []) {
      next.column = Math.max(next.column, one.column + 1);
      const left = (waiting.get(next.id) ?? 0) - 1;
      waiting.set(next.id, left);
      if (left === 0) ready.push(next);
    }
  for (const one of sources) {
    const columns = (out.get(one.id) ?? []).map(({ column }) => column);
    if (columns.length > 0) one.column = Math.min(...columns) - 1;
  }
}

/** Returns the two cells with a bend in each column between them. */
function chain(from: Cell, to: Cell): Cell[] {
  const route = [from];
  for (let column = from.column + 1; column < to.column; column++)
    route.push({ ...cell('', BEND_HEIGHT), column, before: [], after: [] });
  route.push(to);
  for (const [at, one] of route.entries()) {
    const next = route[at + 1];
    if (!next) break;
    one.after.push(next);
    next.before.push(one);
  }
  return route;
}

/**
 * Returns the columns in the order with the fewest crossings among those tried: each cell at the
 * mean of its neighbours, back and forth.
 */
function ordered(columns: Cell[][]): Cell[][] {
  let best = columns.map((column) => [...column]);
  let fewest = crossings(best);
  const current = best.map((column) => [...column]);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const side = sweep % 2 === 0 ? 'before' : 'after';
    const sorted = side === 'before' ? current : [...current].reverse();
    for (const column of sorted) sortByNeighbours(column, side, ranks(current));
    const count = crossings(current);
    if (count >= fewest) continue;
    fewest = count;
    best = current.map((column) => [...column]);
  }
  return best;
}

function ranks(columns: readonly Cell[][]): ReadonlyMap<Cell, number> {
  return new Map(columns.flatMap((column) => column.map((one, at) => [one, at] as const)));
}

function sortByNeighbours(
  column: Cell[],
  side: 'before' | 'after',
  rank: ReadonlyMap<Cell, number>,
): void {
  const wish = new Map(
    column.map((one) => [
      one,
      mean(one[side].map((other) => rank.get(other) ?? 0)) ?? rank.get(one) ?? 0,
    ]),
  );
  column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
}

function crossings(columns: readonly Cell[][]): number {
  const rank = ranks(columns);
  let count = 0;
  for (const column of columns) {
    const ends = column.flatMap((one, at) =>
      one.after.map((next) => [at, rank.get(next) ?? 0] as const),
    );
    for (const [at, [a, b]] of ends.entries())
      for (const [c, d] of ends.slice(at + 1)) if ((a - c) * (b - d) < 0) count++;
  }
  return count;
}

/** Moves each cell as near to the mean of its neighbours as its order in the column allows. */
function settle(columns: readonly Cell[][]): void {
  for (const column of columns)
    place(
      column,
      column.map(() => 0),
    );
  for (let round = 0; round < SETTLINGS; round++)
    for (const column of round % 2 === 0 ? columns : [...columns].reverse())
      place(
        column,
        column.map(({ before, after, y }) => mean([...before, ...after].map((one) => one.y)) ?? y),
      );
}

/** Pools neighbours that would overlap, and puts each pool at the mean of its wishes: the least sum of squares. */
function place(column: readonly Cell[], wishes: readonly number[]): void {
  let offset = 0;
  const offsets: number[] = [];
  const pools: { sum: number; count: number }[] = [];
  for (const [at, { height }] of column.entries()) {
    const above = column[at - 1];
    if (above) offset += (above.height + height) / 2 + ROW_GAP;
    offsets.push(offset);
    let pool = { sum: (wishes[at] ?? 0) - offset, count: 1 };
    for (let last = pools.at(-1); last; last = pools.at(-1)) {
      if (last.sum / last.count <= pool.sum / pool.count) break;
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
    }
    pools.push(pool);
  }
  let at = 0;
  for (const { sum, count } of pools)
    for (let nth = 0; nth < count; nth++, at++) {
      const one = column[at];
      if (one) one.y = sum / count + (offsets[at] ?? 0);
    }
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0
    ? undefined
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}
