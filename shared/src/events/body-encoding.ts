import { InvalidInputError } from '../errors/errors.ts';

/**
 * How producers encode bodies. `text`: not at all. `base64`: as the SDKs for PHP, Python and Java, and
 * ali-mns, do by default. `auto`: a body that is base64 of JSON, and not JSON itself, is decoded; any other
 * is taken unchanged.
 */
export type BodyEncoding = 'base64' | 'text' | 'auto';

const ALPHABET = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Returns a body's text. With `base64`, throws an InvalidInputError (`InvalidBase64`) for a body that is
 * not base64 of UTF-8 text.
 */
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

/** Whether a body is JSON only after decoding, which means that its producer encodes. */
export function looksEncoded(body: string): boolean {
  return decodeBody(body, 'auto') !== body;
}

/** Decodes base64, which may have line breaks as in MIME; undefined if it is not base64 of UTF-8 text. */
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
