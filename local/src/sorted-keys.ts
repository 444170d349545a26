/**
 * Texts in the order of their UTF-16 units, each once: adding and removing cost a search and a
 * shift, a range its results.
 */
export class SortedKeys {
  readonly #keys: string[] = [];

  /** Adds a key; does nothing if it already exists. */
  add(key: string): void {
    const index = this.#indexOf(key);
    if (this.#keys[index] !== key) this.#keys.splice(index, 0, key);
  }

  remove(key: string): void {
    const index = this.#indexOf(key);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  /** Iterates from `first` on, in order; keys added or removed meanwhile may be missed. */
  *from(first: string): Generator<string, void> {
    for (let index = this.#indexOf(first); index < this.#keys.length; index++)
      yield this.#keys[index] as string;
  }

  /** Returns the index of the key, or where it would be inserted. */
  #indexOf(key: string): number {
    const last = this.#keys.at(-1);
    if (last === undefined || last < key) return this.#keys.length;
    let low = 0;
    let high = this.#keys.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
