import { SmqError, type SmqErrorCode } from '../errors.ts';

export interface PageRequest {
  prefix?: string | undefined;
  /** As a page before gave it. */
  marker?: string | undefined;
  /** 1 to 1000. */
  limit?: number | undefined;
}

export interface Page<T> {
  items: T[];
  /** Absent on the last page. */
  nextMarker?: string;
}

/** Things by name: what queues, topics and a topic's subscriptions have in common. */
export class Registry<T> {
  readonly #items = new Map<string, T>();
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
    this.#items.set(name, item);
  }

  remove(name: string): void {
    this.#items.delete(name);
  }

  values(): IterableIterator<T> {
    return this.#items.values();
  }

  /** One page in order of name; the marker is the name the page begins with. */
  page({ prefix = '', marker = '', limit = 1000 }: PageRequest): Page<T> {
    const names = [...this.#items.keys()]
      .filter((name) => name.startsWith(prefix) && name >= marker)
      .sort();
    const items = names.slice(0, limit).map((name) => this.get(name));
    const nextMarker = names[limit];
    return nextMarker === undefined ? { items } : { items, nextMarker };
  }
}
