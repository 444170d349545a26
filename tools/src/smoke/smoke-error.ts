import { CommandError } from '../command-line/command-error.ts';

/** Where the smoke test failed, and what to do about it. */
export class SmokeError extends CommandError {
  override readonly name = 'SmokeError';

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(`${what}: ${remedy}`, options);
  }
}
