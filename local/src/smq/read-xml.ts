import { parseXml, type XmlElement, XmlError } from '../xml/parse.ts';
import { SmqError, unknownElement } from './errors.ts';

/** Reads a request's body. Throws MalformedXML. */
export function readXml(body: Uint8Array): XmlElement {
  try {
    return parseXml(body);
  } catch (cause) {
    throw cause instanceof XmlError ? new SmqError('MalformedXML', undefined, { cause }) : cause;
  }
}

/** The one child of that name, undefined when there is none; twice the same is MalformedXML. */
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

/** Throws InvalidArgument for an element that the parent is not known to have: what is not understood is not dropped. */
export function checkChildren(parent: XmlElement, known: readonly string[]): void {
  for (const { name } of parent.children) if (!known.includes(name)) throw unknownElement(name);
}

/** All children of that name. */
export function childrenOf(parent: XmlElement, name: string): XmlElement[] {
  checkText(parent);
  return parent.children.filter((child) => child.name === name);
}

/** Text between elements may only be white space. */
function checkText({ text }: XmlElement): void {
  if (text !== '' && /[^ \t\r\n]/.test(text)) throw new SmqError('MalformedXML');
}

/** An element's exact text; one that holds elements is MalformedXML (an unescaped `<` in a body ends here). */
export function textOf(element: XmlElement): string {
  if (element.children.length > 0) throw new SmqError('MalformedXML');
  return element.text;
}

/** The text of the one child of that name; undefined when there is none. */
export function optionalText(parent: XmlElement, name: string): string | undefined {
  const child = childOf(parent, name);
  return child && textOf(child);
}

/** A whole number; NaN for any other text, for the range check to refuse. */
export function optionalNumber(parent: XmlElement, name: string): number | undefined {
  const text = optionalText(parent, name);
  return text === undefined ? undefined : wholeNumber(text.trim());
}

/** True or false, in whatever case; any other text is InvalidArgument. */
export function optionalBoolean(parent: XmlElement, name: string): boolean | undefined {
  const text = optionalText(parent, name)?.trim().toLowerCase();
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new SmqError('InvalidArgument', `The value of ${name} should be True or False.`);
}

/** One of the known words, in whatever case; any other text is InvalidArgument. */
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

/** A whole number of up to 15 digits; NaN for any other text. */
export function wholeNumber(text: string): number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
