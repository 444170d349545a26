import { missing, OpenApiError } from './errors.ts';

type Pair = readonly [name: string, value: string];

/** A request's parameters, from the query or the form. */
export class Parameters implements Iterable<Pair> {
  readonly #values = new Map<string, string>();

  /** Throws InvalidParameter for one given twice. */
  constructor(pairs: Iterable<Pair>) {
    for (const [name, value] of pairs) {
      if (this.#values.has(name))
        throw new OpenApiError('InvalidParameter', `Parameter ${name} is given twice.`);
      this.#values.set(name, value);
    }
  }

  /** Undefined when it is absent or empty. */
  get(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** Throws Missing<name>. */
  required(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw missing(name);
    return value;
  }

  [Symbol.iterator](): Iterator<Pair> {
    return this.#values[Symbol.iterator]();
  }
}
