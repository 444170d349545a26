import { redactFields, UNREADABLE } from './redact.ts';

interface Filled {
  message: unknown;
  /** Values without a place in the message. */
  left: readonly unknown[];
}

/**
 * Returns a message in which `values` replace %s, %d, %f, %i, %j, %o or %O, in turn; %% then becomes a %.
 * Places without a value stay. A message that is not text takes in all values.
 */
export function messageOf(message: unknown, values: readonly unknown[]): Filled {
  if (values.length === 0)
    return { message: typeof message === 'string' ? message : redactFields(message), left: [] };
  if (typeof message !== 'string') {
    const texts = [message, ...values].map((value) => toJson(redactFields(value)));
    return { message: texts.join(' '), left: [] };
  }
  let next = 0;
  const filled = message.replace(/%([dfijoOs%])/g, (place, kind: string) => {
    if (kind === '%') return '%';
    if (next >= values.length) return place;
    return formatted(kind, values[next++]) ?? place;
  });
  return { message: filled, left: values.slice(next) };
}

/** Returns undefined for a value that the place does not accept. */
function formatted(kind: string, given: unknown): string | undefined {
  try {
    // An object would only be called one: an error says what it is.
    if (kind === 's' && given instanceof Error) return String(given);
    return ofKind(kind, redactFields(given));
  } catch {
    // No text or number can be made of it.
    return UNREADABLE;
  }
}

function ofKind(kind: string, value: unknown): string | undefined {
  if (kind === 's') return String(value);
  if (value === undefined) return undefined;
  if (kind === 'j' || kind === 'o' || kind === 'O') return asJson(value);
  if (value === null) return undefined;
  return String(kind === 'i' ? Math.floor(Number(value)) : Number(value));
}

function asJson(value: unknown): string | undefined {
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'function' ? value.name || '<anonymous>' : toJson(value);
}

/** What JSON writes as it is, between quotes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A text as JSON. */
export function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** A value as JSON, big integers too; undefined for what has no JSON, such as a function. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? readable(part) : part));
  }
}

/** Most of those who read it take JSON's numbers for doubles. */
function readable(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
