import { ESCAPES, xmlWriter } from '../xml/write.ts';

/** Characters that XML 1.0 cannot contain, escaped or not. */
const NOT_IN_XML = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * Writes a document as the OpenAPI gateway answers it: on one line, with a question mark for each
 * character that XML cannot contain.
 */
export const writeXml = xmlWriter({
  head: '<?xml version="1.0" encoding="UTF-8"?>',
  indented: false,
  tail: '',
  escapeText: (text) =>
    text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char).replace(NOT_IN_XML, '?'),
});
