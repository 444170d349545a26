/** Text that replaces a secret. */
export const REDACTED = '[redacted]';

/** Maximum number of remembered secrets: those of a credential and of the one before it, with some to spare. */
const MAX_REMEMBERED = 16;
/** Shorter values would blot out ordinary text. */
const MIN_SECRET_LENGTH = 6;
/** Secrets up to this length are searched together: an expression of all forms of a token would be too long. */
const MAX_TOGETHER_LENGTH = 100;

interface Forms {
  /** Matches the secret plain, as JSON or percent-encoded, whichever characters the encoder leaves unchanged. */
  plain: RegExp;
  /** The secret in hex, base64 and base64url, the longest first. */
  encoded: readonly string[];
  /** Characters: no text of fewer holds any of them. A security token is longer than most lines. */
  shortest: number;
}

const remembered = new Map<string, Forms>();
/** The values that were remembered last: each invocation with the same credential brings the same. */
let latest: readonly (string | undefined)[] = [];
/** The forms of the remembered secrets, of the longest first: one may be part of another. */
let longestFirst: readonly Forms[] = [];
/** Finds any form of the shorter ones, and the others; made for the first text after they have changed. */
let search: { short: RegExp | undefined; long: readonly Forms[] } | undefined;

/**
 * Remembers values that must not be printed in any form: plain, as JSON, percent-encoded, in hex, base64url
 * or base64 (also within more that was encoded together). The oldest are forgotten.
 */
export function rememberSecrets(...values: (string | undefined)[]): void {
  if (values.length === latest.length && values.every((value, at) => value === latest[at])) return;
  latest = values;
  for (const value of values) {
    if (!value || value.length < MIN_SECRET_LENGTH) continue;
    const forms = remembered.get(value) ?? formsOf(value);
    remembered.delete(value);
    remembered.set(value, forms);
  }
  for (const oldest of remembered.keys()) {
    if (remembered.size <= MAX_REMEMBERED) break;
    remembered.delete(oldest);
  }
  longestFirst = [...remembered]
    .sort(([one], [other]) => other.length - one.length)
    .map(([, forms]) => forms);
  search = undefined;
}

/** Whether `text` holds a remembered secret in any form. */
export function holdsRemembered(text: string): boolean {
  search ??= searchFor(longestFirst);
  return search.short?.test(text) === true || search.long.some((forms) => holds(text, forms));
}

function searchFor(all: readonly Forms[]): NonNullable<typeof search> {
  const isShort = ({ shortest }: Forms) => shortest <= MAX_TOGETHER_LENGTH;
  const sources = all
    .filter(isShort)
    .flatMap(({ plain, encoded }) => [plain.source, ...encoded.map(escapeRegExp)]);
  return {
    short: sources.length > 0 ? new RegExp(sources.join('|')) : undefined,
    long: all.filter((forms) => !isShort(forms)),
  };
}

function holds(text: string, { plain, encoded, shortest }: Forms): boolean {
  if (text.length < shortest) return false;
  return text.search(plain) >= 0 || encoded.some((form) => text.includes(form));
}

/** Returns `text` with each remembered secret replaced. */
export function withoutRemembered(text: string): string {
  if (!holdsRemembered(text)) return text;
  let clean = text;
  for (const { plain, encoded, shortest } of longestFirst) {
    if (clean.length < shortest) continue;
    clean = clean.replace(plain, REDACTED);
    for (const form of encoded) clean = clean.replaceAll(form, REDACTED);
  }
  return clean;
}

function formsOf(value: string): Forms {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const base64 = [bytes.toString('base64'), ...[0, 1, 2].map((shift) => base64Core(bytes, shift))];
  const encoded = [
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    ...[encodeURIComponent(base64[0] ?? '')],
  ];
  const long = [...new Set(encoded)]
    .filter((form) => form.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  return {
    plain: new RegExp([...value].map(spellings).join(''), 'g'),
    encoded: long,
    shortest: Math.min(value.length, ...long.map((form) => form.length)),
  };
}

/** Returns the source of a regular expression that matches one character plain, as JSON and percent-encoded. */
function spellings(character: string): string {
  if (/[a-z0-9]/i.test(character)) return character;
  const json = JSON.stringify(character).slice(1, -1);
  const percent = [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('')
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const all = [escapeRegExp(json), escapeRegExp(character), percent];
  if (character === ' ') all.push('\\+');
  return `(?:${all.join('|')})`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/**
 * Returns the part of a base64 text that is the same whatever surrounds the bytes, which begin `shift`
 * bytes after a multiple of three: `id:secret`, encoded together, has such a part.
 */
function base64Core(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const isWhole = (shift + bytes.length) % 3 === 0;
  return text.slice([0, 2, 3][shift], isWhole ? undefined : -1);
}
