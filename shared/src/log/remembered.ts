/** Text that replaces a secret. */
export const REDACTED = '[redacted]';

/** How many secrets are remembered: those of a credential, the one before it, and some to spare. */
const MAX_REMEMBERED = 16;
/** Shorter values would blot out ordinary text. */
const MIN_SECRET_LENGTH = 6;

interface Forms {
  /** As it is, as JSON or percent-encoded, whatever the encoder leaves as it is. */
  plain: RegExp;
  /** In hex, base64 and base64url, the longest first. */
  encoded: readonly string[];
  /** Characters: no text of fewer holds any of them. A security token is longer than most lines. */
  shortest: number;
}

const remembered = new Map<string, Forms>();

/** Remembers values that must not be printed, in whatever form: as they are, as JSON, percent-encoded, in hex, in base64 (also within more that was encoded together) and base64url. The oldest are forgotten. */
export function rememberSecrets(...values: (string | undefined)[]): void {
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
}

/** `text` with each remembered secret replaced. */
export function withoutRemembered(text: string): string {
  let clean = text;
  for (const { plain, encoded, shortest } of remembered.values()) {
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

/** The source of a regular expression of one character as it is, as JSON and percent-encoded. */
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

/** The part of a base64 text that is the same whatever surrounds the bytes, which begin `shift` bytes after a multiple of three: `id:secret`, encoded together, has one of them. */
function base64Core(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const isWhole = (shift + bytes.length) % 3 === 0;
  return text.slice([0, 2, 3][shift], isWhole ? undefined : -1);
}
