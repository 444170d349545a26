import { xmlWriter } from '../xml/write.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#13;',
};

/** Writes a document as SMQ answers it: declaration, two spaces for each level, the namespace without a slash at its end. Some official parsers depend on each of these. */
export const writeXml = xmlWriter({
  head: '<?xml version="1.0" ?>\n',
  namespace: 'http://mns.aliyuncs.com/doc/v1',
  indented: true,
  tail: '',
  escapeText,
});

/**
 * Escapes text so that a conforming parser returns the same characters, carriage returns included.
 */
function escapeText(text: string): string {
  if (!/[&<>\r]/.test(text)) return text;
  return text.replace(/[&<>\r]/g, (char) => ESCAPES[char] ?? char);
}
