import type { QueueRecord } from './store.ts';

/** The queues that send their dead letters to each queue: the reverse of the queues' policies. */
export class DeadLetterSources {
  readonly #sources = new Map<string, Set<string>>();

  /** Returns the queues whose dead letters go to this one, in order of name. */
  of(queue: string): string[] {
    return [...(this.#sources.get(queue) ?? [])].sort();
  }

  add({ name, deadLetter }: QueueRecord): void {
    if (!deadLetter) return;
    const known = this.#sources.get(deadLetter.queue);
    if (known) known.add(name);
    else this.#sources.set(deadLetter.queue, new Set([name]));
  }

  remove({ name, deadLetter }: QueueRecord): void {
    const known = deadLetter && this.#sources.get(deadLetter.queue);
    if (known?.delete(name) && known.size === 0) this.#sources.delete(deadLetter?.queue ?? '');
  }
}
