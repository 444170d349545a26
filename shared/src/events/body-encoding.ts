import { InvalidInputError } from '../errors/errors.ts';

/**
 * How producers send bodies. `text`: as they are. `base64`: as the SDKs for PHP, Python and Java, and
 * ali-mns, do by default. `auto`: what is base64 of JSON, and is not JSON itself, is decoded;
 * anything else is taken as it is.
 */
export type BodyEncoding = 'base64' | 'text' | 'auto';

const ALPHABET = /^[A-Za-z0-9+/]+={0,2}$/;

/** A body's text. Throws an InvalidInputError (`InvalidBase64`) with `base64` for what is not base64 of UTF-8 text. */
export function decodeBody(body: string, encoding: BodyEncoding = 'text'): string {
  if (encoding === 'text') return body;
  const text = fromBase64(body);
  if (encoding === 'auto') return text !== undefined && isJson(text) && !isJson(body) ? text : body;
  if (text !== undefined) return text;
  throw new InvalidInputError('Message body is not base64 of UTF-8 text', {
    code: 'InvalidBase64',
    remedy: "set encoding: 'auto' where some producers send text, 'text' where all do",
  });
}

/** Whether a body is JSON once it is decoded, and not before: its producer encodes. */
export function looksEncoded(body: string): boolean {
  return decodeBody(body, 'auto') !== body;
}

/** Lines may be broken, as in MIME; undefined for what is not base64 of UTF-8 text. */
function fromBase64(body: string): string | undefined {
  const digits = body.replace(/^\ufeff|\s+/g, '');
  if (digits.length % 4 !== 0 || !ALPHABET.test(digits)) return digits === '' ? '' : undefined;
  try {
    return utf8.decode(Buffer.from(digits, 'base64'));
  } catch {
    return undefined; // bytes that are no text
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\ufeff/, ''));
    return true;
  } catch {
    return false;
  }
}
