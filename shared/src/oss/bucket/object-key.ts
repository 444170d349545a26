import { InvalidInputError } from '../../errors/errors.ts';
import { MAX_KEY_BYTES } from './limits.ts';

/** C0 controls, DEL and the C1 controls: no key that a person has to type needs one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * The object key of a name that came from outside, under `prefix` and never beside it: leading
 * slashes are dropped, and a name that is empty or has a `.`, `..` or empty segment, a backslash,
 * a control character or a lone surrogate is refused, as is a key longer than 1023 bytes. Throws
 * an InvalidInputError (`InvalidObjectKey`).
 */
export function objectKey(prefix: string, name: string): string {
  const path = name.replace(/^\/+/, '');
  const key = `${prefix}${path}`;
  if (path === '') throw invalid('Object name is empty');
  if (path.split('/').some((segment) => ['', '.', '..'].includes(segment)))
    throw invalid('Object name has an empty segment or one of dots');
  if (CONTROL.test(path) || path.includes('\\') || /\p{Surrogate}/u.test(path))
    throw invalid('Object name has a control character, a backslash or a lone surrogate');
  const size = Buffer.byteLength(key);
  if (size > MAX_KEY_BYTES) throw invalid(`Object key has ${size} bytes, over ${MAX_KEY_BYTES}`);
  return key;
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError(message, {
    code: 'InvalidObjectKey',
    remedy: 'send a relative path such as 2026/photo.jpg',
  });
}
