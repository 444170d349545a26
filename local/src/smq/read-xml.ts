import { parseXml, type XmlElement, XmlError } from '../xml/parse.ts';
import { SmqError, unknownElement } from './errors.ts';

/** Parses a request's body. Throws MalformedXML. */
export function readXml(body: Uint8Array): XmlElement {
  try {
    return parseXml(body);
  } catch (cause) {
    throw cause instanceof XmlError ? new SmqError('MalformedXML', undefined, { cause }) : cause;
  }
}

/**
 * Returns the only child of that name, undefined when there is none. Throws MalformedXML for two.
 */
export function childOf(parent: XmlElement, name: string): XmlElement | undefined {
  checkText(parent);
  let found: XmlElement | undefined;
  for (const child of parent.children) {
    if (child.name !== name) continue;
    if (found) throw new SmqError('MalformedXML');
    found = child;
  }
  return found;
}

/**
 * Throws InvalidArgument for an element that is not known in the parent: no element is silently
 * ignored.
 */
export function checkChildren(parent: XmlElement, known: readonly string[]): void {
  for (const { name } of parent.children) if (!known.includes(name)) throw unknownElement(name);
}

/** Returns all children of that name. */
export function childrenOf(parent: XmlElement, name: string): XmlElement[] {
  checkText(parent);
  return parent.children.filter((child) => child.name === name);
}

/** Throws MalformedXML for text other than white space between elements. */
function checkText({ text }: XmlElement): void {
  if (text !== '' && /[^ \t\r\n]/.test(text)) throw new SmqError('MalformedXML');
}

/**
 * Returns an element's exact text. Throws MalformedXML for one that contains elements (an unescaped
 * `<` in a body).
 */
export function textOf(element: XmlElement): string {
  if (element.children.length > 0) throw new SmqError('MalformedXML');
  return element.text;
}

/** Returns the text of the only child of that name; undefined when there is none. */
export function optionalText(parent: XmlElement, name: string): string | undefined {
  const child = childOf(parent, name);
  return child && textOf(child);
}

/** Returns a whole number; NaN for any other text, which the range check refuses. */
export function optionalNumber(parent: XmlElement, name: string): number | undefined {
  const text = optionalText(parent, name);
  return text === undefined ? undefined : wholeNumber(text.trim());
}

/** Returns true or false, accepted in any case. Throws InvalidArgument for any other text. */
export function optionalBoolean(parent: XmlElement, name: string): boolean | undefined {
  const text = optionalText(parent, name)?.trim().toLowerCase();
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new SmqError('InvalidArgument', `The value of ${name} should be True or False.`);
}

/**
 * Returns one of the known words, accepted in any case. Throws InvalidArgument for any other text.
 */
export function optionalWord<T extends string>(
  parent: XmlElement,
  name: string,
  known: readonly T[],
): T | undefined {
  const given = optionalText(parent, name)?.trim().toUpperCase();
  if (given === undefined) return undefined;
  const found = known.find((word) => word.toUpperCase() === given);
  if (found) return found;
  throw new SmqError(
    'InvalidArgument',
    `The value of ${name} should be one of ${known.join(', ')}.`,
  );
}

/** Returns a whole number of up to 15 digits; NaN for any other text. */
export function wholeNumber(text: string): number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
