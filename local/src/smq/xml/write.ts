/** An element to write: its name, and text or elements. An undefined entry among the elements is left out. */
export type XmlNode = readonly [name: string, content: XmlContent];
export type XmlContent = string | number | boolean | readonly (XmlNode | undefined)[];

const NAMESPACE = 'http://mns.aliyuncs.com/doc/v1';
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#13;',
};

/** The whole document as SMQ answers it: declaration, two-space indentation, the namespace without trailing slash. Some official parsers depend on each of these. */
export function writeXml([name, content]: XmlNode): string {
  return `<?xml version="1.0" ?>\n${element(`${name} xmlns="${NAMESPACE}"`, name, content, '')}`;
}

/** Escapes text so that a conforming parser gives back the same characters, carriage returns included. */
export function escapeText(text: string): string {
  if (!/[&<>\r]/.test(text)) return text;
  return text.replace(/[&<>\r]/g, (char) => ESCAPES[char] ?? char);
}

function element(startTag: string, name: string, content: XmlContent, indent: string): string {
  if (typeof content !== 'object')
    return `${indent}<${startTag}>${escapeText(String(content))}</${name}>\n`;
  let inner = '';
  for (const child of content)
    if (child) inner += element(child[0], child[0], child[1], `${indent}  `);
  return `${indent}<${startTag}>\n${inner}${indent}</${name}>\n`;
}
