/** The five characters that have names in XML. */
export const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Content of an element: text, elements by their names, or a list of the contents of elements of
 * one name. Undefined is left out.
 */
export type XmlValue = string | number | boolean | undefined | XmlFields | readonly XmlValue[];

/** Elements in the order in which they are written. */
export interface XmlFields {
  readonly [name: string]: XmlValue;
}

/** How a service writes its documents, byte for byte. */
export interface XmlFormat {
  /** Text before the root element. */
  head: string;
  /** The root element's `xmlns`; absent: none. */
  namespace?: string;
  /** Whether each element has a line of its own, indented by two spaces for each level. */
  indented: boolean;
  /** Text after the root element. */
  tail: string;
  /** Escapes text for the place between two tags. */
  escapeText(text: string): string;
}

/** Writes a document with a root element of that name. */
export type XmlWriter = (root: string, value: XmlValue) => string;

/** Returns the writer of one format. Names of elements are written unchanged. */
export function xmlWriter({ head, namespace, indented, tail, escapeText }: XmlFormat): XmlWriter {
  const lineEnd = indented ? '\n' : '';
  const step = indented ? '  ' : '';
  const declared = namespace === undefined ? '' : ` xmlns="${namespace}"`;

  function element(name: string, attributes: string, value: XmlValue, indent: string): string {
    if (value === undefined) return '';
    if (typeof value !== 'object')
      return `${indent}<${name}${attributes}>${escapeText(String(value))}</${name}>${lineEnd}`;
    let inner = '';
    if (isList(value)) {
      for (const item of value) inner += element(name, attributes, item, indent);
      return inner;
    }
    for (const child in value) inner += element(child, '', value[child], indent + step);
    return `${indent}<${name}${attributes}>${lineEnd}${inner}${indent}</${name}>${lineEnd}`;
  }

  return (root, value) => `${head}${element(root, declared, value, '')}${tail}`;
}

/** Returns whether a value is elements, and not a text or a list. */
export function isFields(value: XmlValue): value is XmlFields {
  return typeof value === 'object' && !isList(value);
}

function isList(value: XmlFields | readonly XmlValue[]): value is readonly XmlValue[] {
  return Array.isArray(value);
}
