import { ESCAPES, xmlWriter } from '../xml/write.ts';

/**
 * Writes a document as OSS answers it: without white space between its elements, and control
 * characters as references.
 */
export const writeXml = xmlWriter({
  head: '<?xml version="1.0" encoding="UTF-8"?>\n',
  indented: false,
  tail: '\n',
  escapeText,
});

function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the document must not hold them as they are
  return text.replace(/[&<>"'\x00-\x1f\x7f]/g, (char) => {
    return ESCAPES[char] ?? `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`;
  });
}
