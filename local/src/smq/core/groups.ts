import type { Message } from './message.ts';

interface Place {
  readonly message: Message;
  prior: Place | undefined;
  next: Place | undefined;
}

interface Line {
  first: Place;
  last: Place;
}

/**
 * The lines in which the messages of one group stand, in order of arrival. Only the first of a line
 * may be received. A message without a group stands in no line, and costs nothing here.
 */
export class Groups {
  readonly #lines = new Map<string, Line>();
  readonly #places = new Map<Message, Place>();

  /** Puts a message into its group's line by its sequence, usually at the end. Returns the message that was the first until now and no longer is. */
  add(message: Message): Message | undefined {
    const { groupId } = message.content;
    if (groupId === undefined) return undefined;
    const place: Place = { message, prior: undefined, next: undefined };
    this.#places.set(message, place);
    const line = this.#lines.get(groupId);
    if (!line) {
      this.#lines.set(groupId, { first: place, last: place });
      return undefined;
    }
    const isBeforeAll = message.sequence < line.first.message.sequence;
    let prior = isBeforeAll ? undefined : line.last;
    while (prior && prior.message.sequence > message.sequence) prior = prior.prior;
    place.prior = prior;
    place.next = prior ? prior.next : line.first;
    if (place.next) place.next.prior = place;
    else line.last = place;
    if (prior) {
      prior.next = place;
      return undefined;
    }
    line.first = place;
    return place.next?.message;
  }

  /** Takes a message out of its line. Returns the message that is the first from now on and was not. */
  remove(message: Message): Message | undefined {
    const { groupId } = message.content;
    if (groupId === undefined) return undefined;
    const place = this.#places.get(message);
    const line = this.#lines.get(groupId);
    if (!place || !line) return undefined;
    this.#places.delete(message);
    const { prior, next } = place;
    if (next) next.prior = prior;
    else if (prior) line.last = prior;
    if (prior) {
      prior.next = next;
      return undefined;
    }
    if (next) line.first = next;
    else this.#lines.delete(groupId);
    return next?.message;
  }

  /** Whether no other message of its group came before it. */
  isFirst({ content, sequence }: Message): boolean {
    if (content.groupId === undefined) return true;
    return this.#lines.get(content.groupId)?.first.message.sequence === sequence;
  }
}
