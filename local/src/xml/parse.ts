/** An element of a request body. `text` is its own character data, exact: nothing trimmed, references resolved. */
export interface XmlElement {
  /** Local name: a namespace prefix is dropped. */
  name: string;
  text: string;
  children: XmlElement[];
}

/** A document that is not well-formed, or holds what is not read here: a document type, or more levels than any request has. */
export class XmlError extends Error {
  override readonly name = 'XmlError';

  constructor(options?: ErrorOptions) {
    super('The XML is not well-formed', options);
  }
}

export interface ParseOptions {
  /** Takes characters that XML 1.0 has no place for, NUL to U+001F, as they are and as references: OSS does, so that a key that holds one can be named. */
  controlCharacters?: boolean;
}

/** The deepest request has 6 levels. */
const MAX_DEPTH = 16;
/** Elements, attributes, comments and the like of one document: the largest has 10,000 parts, of three elements each. A document of nothing else would hold up everyone. */
const MAX_NODES = 40_000;
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const SURROGATE = /[\uD800-\uDFFF]/u;
const NAME = String.raw`[A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*(?::[A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*)?`;
const START_TAG = new RegExp(`<(${NAME})`, 'y');
const END_TAG = new RegExp(`</(${NAME})[ \\t\\n]*>`, 'y');
const ATTRIBUTE = new RegExp(`[ \\t\\n]+(${NAME})[ \\t\\n]*=[ \\t\\n]*("[^"<]*"|'[^'<]*')`, 'y');
const TAG_CLOSE = /[ \t\n]*(\/?)>/y;
const DECLARATION = /<\?xml[ \t\n][^?]*\?>/y;
const WHITESPACE = /[ \t\n]*/y;
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));|&/g;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/**
 * Reads a request body as XML 1.0 without document type: a DOCTYPE is refused, so there are no
 * entities but the five predefined ones and character references, and nothing can expand.
 * Throws XmlError for anything that is not well-formed, for bytes that are not UTF-8 and for
 * characters that XML cannot carry.
 */
export function parseXml(
  bytes: Uint8Array,
  { controlCharacters = false }: ParseOptions = {},
): XmlElement {
  const source = decodeUtf8(bytes);
  const forbidden = controlCharacters ? SURROGATE : FORBIDDEN;
  if (forbidden.test(source)) throw malformed();
  const text = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
  return new Parser(text, forbidden).document();
}

class Parser {
  #at = 0;
  #nodes = 0;
  readonly #source: string;
  readonly #forbidden: RegExp;

  constructor(source: string, forbidden: RegExp) {
    this.#source = source;
    this.#forbidden = forbidden;
  }

  document(): XmlElement {
    this.#match(DECLARATION);
    this.#misc();
    const root = this.#element();
    this.#misc();
    if (this.#at !== this.#source.length) throw malformed();
    return root;
  }

  #element(): XmlElement {
    const [root, rootIsEmpty] = this.#startTag();
    if (rootIsEmpty) return root.element;
    const open = [root];
    for (let parent = open.at(-1); parent; parent = open.at(-1)) {
      parent.element.text += this.#text();
      if (this.#source.startsWith('</', this.#at)) {
        if (this.#match(END_TAG)?.[1] !== parent.tag) throw malformed();
        open.pop();
      } else if (this.#source.startsWith('<![CDATA[', this.#at)) {
        parent.element.text += this.#upTo(9, ']]>');
      } else if (!this.#skipComment()) {
        const [child, isEmpty] = this.#startTag();
        parent.element.children.push(child.element);
        if (!isEmpty && open.push(child) > MAX_DEPTH) throw malformed();
      }
    }
    return root.element;
  }

  #startTag(): [{ tag: string; element: XmlElement }, isEmpty: boolean] {
    const tag = this.#match(START_TAG)?.[1];
    if (tag === undefined) throw malformed();
    this.#count();
    const seen = new Set<string>();
    for (let pair = this.#match(ATTRIBUTE); pair; pair = this.#match(ATTRIBUTE)) {
      this.#count();
      const [, name = '', value = ''] = pair;
      if (seen.has(name)) throw malformed();
      seen.add(name);
      this.#resolve(value);
    }
    const close = this.#match(TAG_CLOSE);
    if (!close) throw malformed();
    const name = tag.slice(tag.indexOf(':') + 1);
    return [{ tag, element: { name, text: '', children: [] } }, close[1] === '/'];
  }

  #text(): string {
    const end = this.#source.indexOf('<', this.#at);
    if (end < 0) throw malformed();
    const raw = this.#source.slice(this.#at, end);
    if (raw.includes(']]>')) throw malformed();
    this.#at = end;
    return this.#resolve(raw);
  }

  #misc(): void {
    do this.#match(WHITESPACE);
    while (this.#skipComment());
  }

  /** A comment or a processing instruction. */
  #skipComment(): boolean {
    if (this.#source.startsWith('<!--', this.#at)) {
      const comment = this.#upTo(4, '-->');
      if (comment.includes('--') || comment.endsWith('-')) throw malformed();
      return true;
    }
    if (!this.#source.startsWith('<?', this.#at)) return false;
    const instruction = this.#upTo(2, '?>');
    if (!/^[A-Za-z_]/.test(instruction) || /^xml(?:[ \t\n]|$)/i.test(instruction))
      throw malformed();
    return true;
  }

  #count(): void {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) throw malformed();
  }

  #upTo(skip: number, end: string): string {
    this.#count();
    const start = this.#at + skip;
    const index = this.#source.indexOf(end, start);
    if (index < 0) throw malformed();
    this.#at = index + end.length;
    return this.#source.slice(start, index);
  }

  /** Text with its references resolved. */
  #resolve(text: string): string {
    if (!text.includes('&')) return text;
    return text.replace(REFERENCE, (_all, decimal?: string, hex?: string, name?: string) => {
      if (name) return NAMED[name] ?? '';
      const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16);
      if (!(code <= 0x10ffff)) throw malformed();
      const char = String.fromCodePoint(code);
      if (this.#forbidden.test(char)) throw malformed();
      return char;
    });
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (!found) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw malformed({ cause });
  }
}

function malformed(options?: ErrorOptions): XmlError {
  return new XmlError(options);
}
