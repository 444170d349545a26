import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { fromValidBytes } from './bytes.ts';
import { OssError } from './errors.ts';

/** An element as the operations read it. */
export interface XmlElement {
  name: string;
  /** Its own text, references resolved; white space as written. */
  text: string;
  children: XmlElement[];
}

/** What an answer says: text, a nested element, a repeated one; undefined is left out. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | { [name: string]: XmlValue }
  | readonly XmlValue[];

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  // References are resolved here, not there: only the five predefined ones and numbers are known.
  processEntities: false,
  cdataPropName: '#cdata',
});

/** Reads a request's body with that root element. Throws MalformedXML, for a DOCTYPE and for an unknown entity too. */
export function parseXml(body: Uint8Array, root: string): XmlElement {
  const text = fromValidBytes(body);
  if (text === undefined || /<!DOCTYPE/i.test(text)) throw new OssError('MalformedXML');
  try {
    if (XMLValidator.validate(text) === true) {
      const elements = readElements(parser.parse(text));
      const [element] = elements;
      if (element?.name === root && elements.length === 1) return element;
    }
  } catch (cause) {
    throw new OssError('MalformedXML', { cause });
  }
  throw new OssError('MalformedXML');
}

/** The text of the child of that name; undefined when there is none. */
export function childText({ children }: XmlElement, name: string): string | undefined {
  return children.find((child) => child.name === name)?.text;
}

/** The texts of all children of that name. */
export function childTexts({ children }: XmlElement, name: string): string[] {
  return children.filter((child) => child.name === name).map(({ text }) => text.trim());
}

function readElements(nodes: unknown): XmlElement[] {
  return asArray(nodes)
    .map((node) => Object.entries(node as object)[0] as [string, unknown])
    .filter(([name]) => !/^[#?]/.test(name))
    .map(([name, content]) => ({
      name,
      text: readText(content),
      children: readElements(content),
    }));
}

function readText(nodes: unknown): string {
  return asArray(nodes)
    .map((node) => node as Record<string, unknown>)
    .map((node) => {
      if (typeof node['#text'] === 'string') return resolveReferences(node['#text']);
      return '#cdata' in node ? asArray(node['#cdata']).map(rawText).join('') : '';
    })
    .join('');
}

function rawText(node: unknown): string {
  return String((node as Record<string, unknown>)['#text'] ?? '');
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

const PREDEFINED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveReferences(text: string): string {
  return text.replace(/&([^;]*);?/g, (reference, name: string) => {
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name) ?? [];
    const resolved =
      hex || decimal ? character(Number.parseInt(hex ?? decimal ?? '', hex ? 16 : 10)) : undefined;
    const value = resolved ?? (Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined);
    if (value === undefined || !reference.endsWith(';')) throw new OssError('MalformedXML');
    return value;
  });
}

function character(codePoint: number): string | undefined {
  const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint > 0x10ffff || surrogate ? undefined : String.fromCodePoint(codePoint);
}

/** A document with that root. */
export function renderXml(root: string, value: XmlValue): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement(root, value)}\n`;
}

function renderElement(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((item) => renderElement(name, item)).join('');
  const content =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([child, childValue]) => renderElement(child, childValue))
          .join('')
      : escapeXml(String(value));
  return `<${name}>${content}</${name}>`;
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not stand in the document as they are
  return text.replace(/[&<>"'\x00-\x1f\x7f]/g, (char) => {
    return ESCAPES[char] ?? `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`;
  });
}
