import { randomBytes } from 'node:crypto';

const MAX_NOTICES = 100;

/**
 * Results of forms, shown on the page to which a form leads: under an id, so that no link can put
 * words into the console's mouth.
 */
export class Notices {
  readonly #texts = new Map<string, string>();

  /** Stores a notice. Returns the page's address with the notice's id in it. */
  put(path: string, text: string): string {
    const id = randomBytes(8).toString('hex');
    this.#texts.set(id, text);
    for (const old of this.#texts.keys()) {
      if (this.#texts.size <= MAX_NOTICES) break;
      this.#texts.delete(old);
    }
    return `${path}${path.includes('?') ? '&' : '?'}notice=${id}`;
  }

  get(query: URLSearchParams): string | undefined {
    return this.#texts.get(query.get('notice') ?? '');
  }
}
