import { writeSync } from 'node:fs';
import { toError } from '../errors/errors.ts';
import type { Destination } from './logger.ts';
import { redact } from './redact.ts';

const STDERR = 2;

/** One for each destination, so that a log made for each invocation does not say the same again. */
const known = new WeakMap<Destination, Destination>();

/**
 * Returns a destination that never throws: a line that cannot be written (a full disk, a destination with a
 * fault) does not end the work it speaks of. The first loss is said once on standard error, with its
 * reason; when lines can be written again, one says how many were lost.
 */
export function unfailing(destination: Destination): Destination {
  const made = known.get(destination) ?? new Unfailing(destination);
  known.set(destination, made);
  return made;
}

class Unfailing implements Destination {
  readonly #destination: Destination;
  #lost = 0;
  #isSaid = false;

  constructor(destination: Destination) {
    this.#destination = destination;
  }

  write(line: string): void {
    try {
      if (this.#lost > 0) this.#destination.write(lossOf(this.#lost));
      this.#lost = 0;
      this.#destination.write(line);
    } catch (error) {
      this.#lost++;
      this.#say(toError(error));
    }
  }

  #say({ message }: Error): void {
    if (this.#isSaid) return;
    this.#isSaid = true;
    try {
      writeSync(STDERR, `A log line could not be written, and is lost: ${redact(message)}\n`);
    } catch {
      // There is no other place to say it.
    }
  }
}

function lossOf(lines: number): string {
  const time = new Date().toISOString();
  const message = 'Log lines could not be written, and are lost';
  return `${JSON.stringify({ level: 'warn', time, lines, message })}\n`;
}
