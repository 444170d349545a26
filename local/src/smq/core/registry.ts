import { SortedKeys } from '../../sorted-keys.ts';
import { SmqError, type SmqErrorCode } from '../errors.ts';

export interface PageRequest {
  prefix?: string | undefined;
  /** As returned with the previous page. */
  marker?: string | undefined;
  /** 1 to 1000. */
  limit?: number | undefined;
}

export interface Page<T> {
  items: T[];
  /** Absent on the last page. */
  nextMarker?: string;
}

/** Named items: what queues, topics and a topic's subscriptions have in common. */
export class Registry<T> {
  readonly #items = new Map<string, T>();
  readonly #names = new SortedKeys();
  readonly #notExist: SmqErrorCode;

  constructor(notExist: SmqErrorCode) {
    this.#notExist = notExist;
  }

  find(name: string): T | undefined {
    return this.#items.get(name);
  }

  /** Throws the registry's NotExist error. */
  get(name: string): T {
    const item = this.#items.get(name);
    if (!item) throw new SmqError(this.#notExist);
    return item;
  }

  set(name: string, item: T): void {
    if (!this.#items.has(name)) this.#names.add(name);
    this.#items.set(name, item);
  }

  remove(name: string): void {
    if (this.#items.delete(name)) this.#names.remove(name);
  }

  values(): IterableIterator<T> {
    return this.#items.values();
  }

  /**
   * Returns one page in order of name, at a cost proportional to the page; the marker is the name
   * the page begins with.
   */
  page({ prefix = '', marker = '', limit = 1000 }: PageRequest): Page<T> {
    const items: T[] = [];
    for (const name of this.#names.from(marker > prefix ? marker : prefix)) {
      if (!name.startsWith(prefix)) break;
      if (items.length === limit) return { items, nextMarker: name };
      items.push(this.get(name));
    }
    return { items };
  }
}
