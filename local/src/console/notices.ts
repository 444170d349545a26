import { randomBytes } from 'node:crypto';

const MAX_NOTICES = 100;

/** What was done, said on the page that a form leads to: under an id, so that no link can put words into the console's mouth. */
export class Notices {
  readonly #texts = new Map<string, string>();

  /** The page's address with the notice in it. */
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
