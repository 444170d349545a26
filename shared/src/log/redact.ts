/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/** How many secrets are remembered: those of a credential, the one before it, and some to spare. */
const MAX_REMEMBERED = 32;
/** Shorter values would blot out ordinary text. */
const MIN_SECRET_LENGTH = 6;

const secrets = new Set<string>();

/** Remembers values that must not be printed, in the forms they could be printed in. */
export function rememberSecrets(...values: (string | undefined)[]): void {
  for (const value of values) {
    if (!value || value.length < MIN_SECRET_LENGTH) continue;
    for (const form of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]) {
      secrets.delete(form);
      secrets.add(form);
    }
  }
  for (const oldest of secrets) {
    if (secrets.size <= MAX_REMEMBERED) break;
    secrets.delete(oldest);
  }
}

/** `text` with each remembered secret replaced. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, REDACTED);
  return clean;
}

const SECRET_NAME = /secret|token|password|authorization|signature|private.?key/i;
const MAX_DEPTH = 8;

/** A copy of `value` in which every text in a field named like a secret (`accessKeySecret`, `tokens`, `authorization`, …) is replaced, at any depth. */
export function redactFields(value: unknown): unknown {
  return copy(value, false, 0);
}

function copy(value: unknown, secret: boolean, depth: number): unknown {
  if (typeof value === 'string') return secret ? REDACTED : value;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => copy(item, secret, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      copy(field, secret || SECRET_NAME.test(name), depth + 1),
    ]),
  );
}
