import type { Item } from './answer.ts';

/** The root of a document. */
export interface Root {
  name: string;
  /**
   * For each name the text, if there is one element and it has only text; else the elements in a list,
   * those with only text as text. Attributes are left out.
   */
  children: Item;
}

interface Element {
  name: string;
  text: string;
  /** Undefined while it has only text. */
  children: Item | undefined;
}

const TAG = /<([^\s<>/=!?'"&]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const REFERENCES = new Map(Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }));
/** Characters XML 1.0 cannot carry, not even as a reference. */
const FORBIDDEN = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const MAX_CODE_POINT = 0x10ffff;

/**
 * Reads an answer from SMQ: elements, text, references and CDATA. Skips comments and declarations. Throws
 * an Error for anything else, including document types, and for a root without elements or attributes,
 * which is not an answer.
 */
export function readXml(text: string): Root {
  const open: Element[] = [];
  let root: Root | undefined;
  let at = text.startsWith('\ufeff') ? 1 : 0;

  const enter = (): void => {
    TAG.lastIndex = at;
    const [tag, name = '', attributes, closed] = TAG.exec(text) ?? fail('a tag is broken');
    if (open.length === 0 && root) fail('there are two root elements');
    const isNamed = open.length === 0 && attributes !== '';
    open.push({ name, text: '', children: isNamed ? childless() : undefined });
    at += tag.length;
    if (closed) leave(name);
  };

  const leave = (name: string): void => {
    const element = open.pop() ?? fail('an end tag does not match');
    if (element.name !== name) fail('an end tag does not match');
    const parent = open.at(-1);
    if (parent) add(parent, element);
    else root = { name, children: element.children ?? fail('the root has only text') };
  };

  while (true) {
    const next = text.indexOf('<', at);
    const between = text.slice(at, next < 0 ? text.length : next);
    const element = open.at(-1);
    if (element) element.text += resolved(between);
    else if (between.trim() !== '') fail('there is text outside of the root element');
    if (next < 0) break;
    at = next;
    if (text.startsWith('</', at)) {
      const end = endOf(text, '>', at);
      leave(text.slice(at + '</'.length, end - 1).trimEnd());
      at = end;
    } else if (text.startsWith('<?', at)) at = endOf(text, '?>', at + '<?'.length);
    else if (text.startsWith('<!--', at)) at = endOf(text, '-->', at + '<!--'.length);
    else if (element && text.startsWith('<![CDATA[', at)) {
      const end = endOf(text, ']]>', at);
      element.text += text.slice(at + '<![CDATA['.length, end - ']]>'.length);
      at = end;
    } else enter();
  }
  if (open.length > 0) fail('it ends within an element');
  return root ?? fail('there is no element');
}

function add(parent: Element, { name, text, children }: Element): void {
  parent.children ??= childless();
  const value = children ?? text;
  const before = parent.children[name];
  if (before === undefined) parent.children[name] = children ? [children] : text;
  else if (Array.isArray(before)) before.push(value);
  else parent.children[name] = [before, value];
}

/** The names come from outside, so the object must have no properties of its own. */
function childless(): Item {
  return Object.create(null);
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? fail(`there is no ${mark} after a <`) : end + mark.length;
}

function resolved(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^&;]*;?)/g, (_, reference: string) => {
    if (!reference.endsWith(';')) return fail('a reference is broken');
    const name = reference.slice(0, -1);
    const named = REFERENCES.get(name);
    if (named !== undefined) return named;
    const digits = /^#(?:(\d+)|x([\da-f]+))$/i.exec(name) ?? fail('a reference is unknown');
    const code = digits[1] ? Number(digits[1]) : Number.parseInt(digits[2] ?? '', 16);
    const character = code <= MAX_CODE_POINT ? String.fromCodePoint(code) : '\0';
    return FORBIDDEN.test(character) ? fail('a reference is of no character') : character;
  });
}

function fail(what: string): never {
  throw new Error(`answer is broken XML: ${what}`);
}
