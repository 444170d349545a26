import { createHash } from 'node:crypto';
import { LONE_SURROGATE } from '../../errors/cut.ts';
import { InvalidInputError } from '../../errors/errors.ts';
import { MAX_KEY_BYTES } from './limits.ts';

/** C0 controls, DEL and the C1 controls: no key that people type needs one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Returns the object key of a name that came from outside, always under `prefix`. Drops leading slashes.
 * Throws an InvalidInputError (`InvalidObjectKey`) for a name that is empty or has a `.`, `..` or empty
 * segment, a backslash, a control character or a lone surrogate, and for a key longer than 1023 bytes.
 */
export function objectKey(prefix: string, name: string): string {
  const path = name.replace(/^\/+/, '');
  const key = `${prefix}${path}`;
  if (path === '') throw invalid('Object name is empty');
  if (path.split('/').some((segment) => ['', '.', '..'].includes(segment)))
    throw invalid('Object name has an empty segment or one of dots');
  if (CONTROL.test(path) || path.includes('\\') || LONE_SURROGATE.test(path))
    throw invalid('Object name has a control character, a backslash or a lone surrogate');
  const size = Buffer.byteLength(key);
  if (size > MAX_KEY_BYTES) throw invalid(`Object key has ${size} bytes, over ${MAX_KEY_BYTES}`);
  return key;
}

/** Hex digits of a hash in a shortened key: two names with the same beginning stay different. */
const HASH_DIGITS = 32;

/**
 * Returns the object key of something derived from `name`: `prefix`, the name and `ending`. If that is
 * longer than a key may be, the name's beginning and a hash of the whole name replace it, so that objects
 * with long names can be processed, too. The same name gives the same key.
 */
export function derivedKey(prefix: string, name: string, ending: string): string {
  const key = `${prefix}${name}${ending}`;
  const size = Buffer.byteLength(key);
  if (size <= MAX_KEY_BYTES) return key;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_DIGITS);
  const room = MAX_KEY_BYTES - Buffer.byteLength(`${prefix}~${hash}${ending}`);
  if (room < 0) throw invalid(`Prefix and ending of an object key have ${-room} bytes too many`);
  let beginning = '';
  let taken = 0;
  for (const character of name) {
    taken += Buffer.byteLength(character);
    if (taken > room) break;
    beginning += character;
  }
  return `${prefix}${beginning}~${hash}${ending}`;
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError(message, {
    code: 'InvalidObjectKey',
    remedy: 'send a relative path such as 2026/photo.jpg',
  });
}
