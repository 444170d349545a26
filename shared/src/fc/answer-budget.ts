/** An answer, or several together, would take more memory than there is for them. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
  readonly limit: number;

  constructor(limit: number) {
    super(`answer is over the limit of ${limit} bytes`);
    this.limit = limit;
  }
}

/** Limit of the bytes gathered of one answer, or of several that are held at the same time. */
export class AnswerBudget {
  readonly #limit: number;
  #left: number;

  constructor(limit: number) {
    this.#limit = limit;
    this.#left = limit;
  }

  /** Throws AnswerTooLarge when a body of that length would not fit, so that it need not be read. */
  expect(bytes: number): void {
    if (bytes > this.#left) throw new AnswerTooLarge(this.#limit);
  }

  /** Counts bytes that have been read. Throws AnswerTooLarge when they exceed the limit. */
  take(bytes: number): void {
    this.expect(bytes);
    this.#left -= bytes;
  }

  /** Gives back bytes that are not kept after all. */
  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}
