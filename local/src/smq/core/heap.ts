/**
 * What a heap can hold: `slot` is its position in the one heap that holds it, maintained by the
 * heap.
 */
export interface Slotted {
  slot: number;
}

/** A binary heap whose items can leave from the middle: each operation is O(log n). An item is in at most one heap at a time. */
export class Heap<T extends Slotted> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  remove(item: T): void {
    const { slot } = item;
    const last = this.#items.pop();
    item.slot = -1;
    if (!last || last === item) return;
    this.#rise(last, slot);
    this.#sink(last, last.slot);
  }

  /** Iterates in no particular order. */
  values(): IterableIterator<T> {
    return this.#items.values();
  }

  #rise(item: T, from: number): void {
    let slot = from;
    while (slot > 0) {
      const above = (slot - 1) >> 1;
      const parent = this.#items[above];
      if (!parent || !this.#before(item, parent)) break;
      this.#place(parent, slot);
      slot = above;
    }
    this.#place(item, slot);
  }

  #sink(item: T, from: number): void {
    let slot = from;
    for (;;) {
      let below = 2 * slot + 1;
      let child = this.#items[below];
      const right = this.#items[below + 1];
      if (child && right && this.#before(right, child)) {
        child = right;
        below++;
      }
      if (!child || !this.#before(child, item)) break;
      this.#place(child, slot);
      slot = below;
    }
    this.#place(item, slot);
  }

  #place(item: T, slot: number): void {
    this.#items[slot] = item;
    item.slot = slot;
  }
}
