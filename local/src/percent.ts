/** All characters but the unreserved ones of RFC 3986: letters, digits and - _ . ~ */
const RESERVED = /[^A-Za-z0-9\-._~]/g;

/**
 * Percent-encodes text as signatures require (RFC 3986): its UTF-8 bytes, all but letters, digits
 * and - _ . ~
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, escapeOf);
}

/** Percent-encodes bytes in the same way; they are given as one character for each. */
export function percentEncodeBytes(bytes: string): string {
  return bytes.replace(RESERVED, escapeOf);
}

function escapeOf(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Decodes percent-encoded text; undefined where an escape is broken or the bytes are not UTF-8. */
export function percentDecode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Decodes percent-encoded text; returns it unchanged where it cannot be decoded. */
export function percentDecodeOrKeep(text: string): string {
  return percentDecode(text) ?? text;
}

/**
 * Decodes percent-encoded bytes, one character for each; undefined where a `%` has no two
 * hexadecimal digits after it.
 */
export function percentDecodeBytes(text: string): string | undefined {
  if (!text.includes('%')) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replace(/%(..)/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
