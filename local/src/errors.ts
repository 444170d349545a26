/**
 * An error that stops the local cloud itself from starting or continuing: reported in one line,
 * with the remedy. A service's own errors in answers are other classes.
 */
export class LocalCloudError extends Error {
  override readonly name: string = 'LocalCloudError';
  readonly code: string;
  /** What the reader can do about it; a sentence without a full stop. */
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}
