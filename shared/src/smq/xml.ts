import { LONE_SURROGATE } from '../errors/cut.ts';
import { InvalidInputError } from '../errors/errors.ts';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A parser would read a bare CR as LF.
  '\r': '&#13;',
};

/** Characters XML 1.0 cannot carry in any form: controls except TAB, LF and CR, lone surrogates, U+FFFE and U+FFFF. */
const FORBIDDEN = new RegExp(
  String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|${LONE_SURROGATE.source}`,
);

/**
 * Returns `text` as the content of an element, escaped once. `what` names it in the error: an
 * InvalidInputError (`InvalidCharacter`) with the code point and the index of the first character that XML
 * cannot carry.
 */
export function escapeXml(text: string, what: string): string {
  const index = text.search(FORBIDDEN);
  if (index >= 0) {
    const hex = text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0');
    const message = `${what} has U+${hex} at index ${index}, which SMQ's XML cannot carry`;
    throw new InvalidInputError(message, {
      code: 'InvalidCharacter',
      remedy: 'leave the character out, or encode the text (as JSON or base64)',
      issues: [{ path: '', message }],
    });
  }
  return text.replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character);
}

/** Returns an element that holds text. `undefined` gives nothing: SMQ would take the word for a value. */
export function element(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(String(value), name)}</${name}>`;
}

/** Returns a request's whole document. `content` is XML already. */
export function xmlDocument(root: string, content: string): Buffer {
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://mns.aliyuncs.com/doc/v1/">${content}</${root}>`,
  );
}
