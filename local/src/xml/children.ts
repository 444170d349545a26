import type { XmlElement } from './parse.ts';

/** Returns the children of that name, in order. */
export function childrenOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child) => child.name === name);
}

/** Returns the text of the first child of that name; undefined when there is none. */
export function childText({ children }: XmlElement, name: string): string | undefined {
  return children.find((child) => child.name === name)?.text;
}

/** Returns the texts of all children of that name, without white space at their ends. */
export function childTexts(element: XmlElement, name: string): string[] {
  return childrenOf(element, name).map(({ text }) => text.trim());
}
