/**
 * Converts text to its UTF-8 bytes, one character for each: such strings compare, and so sort, as
 * OSS sorts its keys.
 */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Decodes UTF-8 bytes; broken sequences become U+FFFD. */
export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8 bytes; returns undefined when they are not UTF-8. */
export function fromValidBytes(bytes: string | Uint8Array): string | undefined {
  try {
    return strict.decode(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  } catch {
    return undefined;
  }
}

/**
 * Returns the first byte string after all those that start with `prefix`; undefined when there is
 * none.
 */
export function firstAfter(prefix: string): string | undefined {
  for (let end = prefix.length; end > 0; end -= 1) {
    const last = prefix.charCodeAt(end - 1);
    if (last < 0xff) return prefix.slice(0, end - 1) + String.fromCharCode(last + 1);
  }
  return undefined;
}
