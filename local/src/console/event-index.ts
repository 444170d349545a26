import type { PastInvocation } from './past-invocation.ts';

/** Ids as the services make them: of messages and of OSS's requests, and trace ids. */
const UPPER_IDS = /[0-9A-F]{24,}/g;
const LOWER_IDS = /[0-9a-f]{32,}/g;
const IS_ID = /^(?:[0-9A-F]{24,}|[0-9a-f]{32,})$/;

/**
 * Finds the invocations whose events name an id, without reading the events again: a trace asks for
 * hundreds of ids.
 */
export class EventIndex {
  readonly #byId = new Map<string, Set<PastInvocation>>();
  readonly #all = new Set<PastInvocation>();

  add(invocation: PastInvocation): void {
    this.#all.add(invocation);
    for (const id of idsIn(invocation)) {
      const its = this.#byId.get(id);
      if (its) its.add(invocation);
      else this.#byId.set(id, new Set([invocation]));
    }
  }

  remove(invocation: PastInvocation): void {
    this.#all.delete(invocation);
    for (const id of idsIn(invocation)) {
      const its = this.#byId.get(id);
      its?.delete(invocation);
      if (its?.size === 0) this.#byId.delete(id);
    }
  }

  clear(): void {
    this.#all.clear();
    this.#byId.clear();
  }

  /** Returns the invocations whose event contains `id`; one that was imported may have any form. */
  naming(id: string): PastInvocation[] {
    if (IS_ID.test(id)) return [...(this.#byId.get(id) ?? [])];
    return [...this.#all].filter(({ event }) => event.content.includes(id));
  }
}

function idsIn({ event }: PastInvocation): Set<string> {
  const text = event.content.toString('latin1');
  // One after the other: an id of one kind may begin with digits that look like one of the other.
  return new Set([...(text.match(UPPER_IDS) ?? []), ...(text.match(LOWER_IDS) ?? [])]);
}
