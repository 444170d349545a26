interface Place<T> {
  readonly item: T;
  prior: Place<T> | undefined;
  next: Place<T> | undefined;
}

interface Line<T> {
  first: Place<T>;
  last: Place<T>;
}

/**
 * Lines of items of one group, in order of arrival: only the first of a line may proceed. An item
 * without a group waits in no line, and costs nothing here.
 */
export class Lines<T> {
  readonly #groupOf: (item: T) => string | undefined;
  readonly #orderOf: (item: T) => number;
  readonly #lines = new Map<string, Line<T>>();
  readonly #places = new Map<number, Place<T>>();

  /** `orderOf` returns a number unique to the item, smaller for one that arrived earlier. */
  constructor(groupOf: (item: T) => string | undefined, orderOf: (item: T) => number) {
    this.#groupOf = groupOf;
    this.#orderOf = orderOf;
  }

  /**
   * Adds an item to its group's line, usually at the end. Returns the previous first item if it no
   * longer is.
   */
  add(item: T): T | undefined {
    const group = this.#groupOf(item);
    if (group === undefined) return undefined;
    const place: Place<T> = { item, prior: undefined, next: undefined };
    const order = this.#orderOf(item);
    this.#places.set(order, place);
    const line = this.#lines.get(group);
    if (!line) {
      this.#lines.set(group, { first: place, last: place });
      return undefined;
    }
    let prior = this.#isBefore(order, line.first) ? undefined : line.last;
    while (prior && this.#isBefore(order, prior)) prior = prior.prior;
    place.prior = prior;
    place.next = prior ? prior.next : line.first;
    if (place.next) place.next.prior = place;
    else line.last = place;
    if (prior) {
      prior.next = place;
      return undefined;
    }
    line.first = place;
    return place.next?.item;
  }

  /** Removes an item from its line. Returns the new first item if it was not first before. */
  remove(item: T): T | undefined {
    const group = this.#groupOf(item);
    if (group === undefined) return undefined;
    const order = this.#orderOf(item);
    const place = this.#places.get(order);
    const line = this.#lines.get(group);
    if (!place || !line) return undefined;
    this.#places.delete(order);
    const { prior, next } = place;
    if (next) next.prior = prior;
    else if (prior) line.last = prior;
    if (prior) {
      prior.next = next;
      return undefined;
    }
    if (next) line.first = next;
    else this.#lines.delete(group);
    return next?.item;
  }

  /** Returns whether no other item of its group arrived before it. */
  isFirst(item: T): boolean {
    const group = this.#groupOf(item);
    if (group === undefined) return true;
    const line = this.#lines.get(group);
    return !line || !this.#isBefore(this.#orderOf(line.first.item), { item });
  }

  /** Returns whether the group has any item. */
  has(group: string): boolean {
    return this.#lines.has(group);
  }

  #isBefore(order: number, { item }: Pick<Place<T>, 'item'>): boolean {
    return order < this.#orderOf(item);
  }
}
