/** An answer, or answers together, that would take more memory than there is for them. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
  readonly limit: number;

  constructor(limit: number) {
    super(`answer is over the limit of ${limit} bytes`);
    this.limit = limit;
  }
}

/** Bytes that may be gathered of one answer, or of several that are held at the same time. */
export class AnswerBudget {
  readonly #limit: number;
  #left: number;

  constructor(limit: number) {
    this.#limit = limit;
    this.#left = limit;
  }

  /** Throws AnswerTooLarge when a body of that length would not fit: nothing of it need be read. */
  expect(bytes: number): void {
    if (bytes > this.#left) throw new AnswerTooLarge(this.#limit);
  }

  /** Takes what has been read. Throws AnswerTooLarge. */
  take(bytes: number): void {
    this.expect(bytes);
    this.#left -= bytes;
  }

  /** Gives back what is not kept after all. */
  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}
