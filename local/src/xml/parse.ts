import { setImmediate as turn } from 'node:timers/promises';

/** An element of a request body. `text` is its own character data, exact: nothing trimmed, references resolved. */
export interface XmlElement {
  /** Local name: a namespace prefix is dropped. */
  name: string;
  text: string;
  children: XmlElement[];
}

/**
 * The document is not well-formed, or contains something that is not accepted here: a document
 * type, or more levels than any request has.
 */
export class XmlError extends Error {
  override readonly name = 'XmlError';

  constructor(options?: ErrorOptions) {
    super('The XML is not well-formed', options);
  }
}

export interface ParseOptions {
  /**
   * Accepts characters that XML 1.0 forbids, NUL to U+001F, literally and as references: OSS does,
   * so that a key that contains one can be named.
   */
  controlCharacters?: boolean;
}

/** The deepest request has 6 levels. */
const MAX_DEPTH = 16;
/**
 * Elements, attributes, comments and so on of one document: the largest has 10,000 parts, of three
 * elements each. A larger document would block everyone.
 */
const MAX_NODES = 40_000;
/** Attributes of one element, and characters of one attribute: no request has more than its namespace. */
const MAX_ATTRIBUTES = 100;
const MAX_ATTRIBUTE_CHARACTERS = 64 * 1024;
/** Characters that are read before others get a turn. */
const SLICE_CHARACTERS = 16 * 1024;
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
/** The same in text that was UTF-8, which has no surrogates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN_IN_UTF8 = /[\0-\x08\v\f\x0E-\x1F\uFFFE\uFFFF]/;
const SURROGATE = /[\uD800-\uDFFF]/u;
const NAME = String.raw`[A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*(?::[A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*)?`;
const START_TAG = new RegExp(`<(${NAME})`, 'y');
const END_TAG = new RegExp(`</(${NAME})[ \\t\\n]*>`, 'y');
const ATTRIBUTE = new RegExp(`[ \\t\\n]+(${NAME})[ \\t\\n]*=[ \\t\\n]*("[^"<]*"|'[^'<]*')`, 'y');
/** A start tag without a prefix, an attribute or white space. */
const PLAIN_TAG = /<([A-Za-z_][\w.-]*)>/y;
const TAG_CLOSE = /[ \t\n]*(\/?)>/y;
const DECLARATION = /<\?xml[ \t\n][^?]*\?>/y;
const WHITESPACE = /[ \t\n]*/y;
const NUMBER = /^#(?:(\d{1,7})|x([0-9A-Fa-f]{1,6}))$/;
/** Characters from `&` to `;`. */
const MAX_REFERENCE = 9;
const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Parses a request body as XML 1.0 without document type: a DOCTYPE is refused, so there are no
 * entities but the five predefined ones and character references, and nothing can expand. Throws
 * XmlError for anything that is not well-formed, for bytes that are not UTF-8 and for characters
 * that XML forbids.
 */
export function parseXml(bytes: Uint8Array, options?: ParseOptions): XmlElement {
  const parser = parserOf(bytes, options);
  let ended = false;
  while (!ended) ended = parser.advance();
  return parser.root;
}

/**
 * Does the same for a document that may be large: after each slice of it, the event loop gets a
 * turn.
 */
export async function parseXmlInTurns(
  bytes: Uint8Array,
  options?: ParseOptions,
): Promise<XmlElement> {
  const parser = parserOf(bytes, options);
  while (!parser.advance()) await turn();
  return parser.root;
}

function parserOf(bytes: Uint8Array, { controlCharacters = false }: ParseOptions = {}): Parser {
  const source = decodeUtf8(bytes);
  const forbidden = controlCharacters ? SURROGATE : FORBIDDEN;
  if (!controlCharacters && FORBIDDEN_IN_UTF8.test(source)) throw malformed();
  const text = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
  return new Parser(text, forbidden);
}

interface OpenElement {
  tag: string;
  element: XmlElement;
}

class Parser {
  readonly root: XmlElement;
  #at = 0;
  #nodes = 0;
  /** End of the text that is being read. */
  #textEnd = 0;
  readonly #open: OpenElement[] = [];
  readonly #source: string;
  readonly #forbidden: RegExp;

  /** Reads up to and including the start tag of the root element. */
  constructor(source: string, forbidden: RegExp) {
    this.#source = source;
    this.#forbidden = forbidden;
    this.#match(DECLARATION);
    this.#misc();
    const [root, isEmpty] = this.#startTag();
    this.root = root.element;
    if (!isEmpty) this.#open.push(root);
  }

  /** Reads another slice; returns true when the document has ended. */
  advance(): boolean {
    const slice = this.#at + SLICE_CHARACTERS;
    for (let parent = this.#open.at(-1); parent; parent = this.#open.at(-1)) {
      if (this.#at >= slice) return false;
      this.#content(parent);
    }
    this.#misc();
    if (this.#at !== this.#source.length) throw malformed();
    return true;
  }

  /** Reads the next piece of an element's content: text, or what begins with `<`. */
  #content({ tag, element }: OpenElement): void {
    if (this.#source[this.#at] !== '<') {
      element.text += this.#text();
    } else if (this.#source.startsWith('</', this.#at)) {
      this.#endTag(tag);
      this.#open.pop();
    } else if (this.#source.startsWith('<![CDATA[', this.#at)) {
      element.text += this.#upTo(9, ']]>');
    } else if (!this.#skipComment()) {
      const [child, isEmpty] = this.#startTag();
      element.children.push(child.element);
      if (!isEmpty && this.#open.push(child) > MAX_DEPTH) throw malformed();
    }
  }

  #startTag(): [OpenElement, isEmpty: boolean] {
    const plain = this.#match(PLAIN_TAG)?.[1];
    if (plain !== undefined) {
      this.#count();
      return [{ tag: plain, element: { name: plain, text: '', children: [] } }, false];
    }
    const tag = this.#match(START_TAG)?.[1];
    if (tag === undefined) throw malformed();
    this.#count();
    const seen = new Set<string>();
    for (let pair = this.#match(ATTRIBUTE); pair; pair = this.#match(ATTRIBUTE)) {
      this.#count();
      const [, name = '', value = ''] = pair;
      if (seen.has(name) || value.length > MAX_ATTRIBUTE_CHARACTERS) throw malformed();
      if (seen.add(name).size > MAX_ATTRIBUTES) throw malformed();
      this.#resolve(value);
    }
    const close = this.#match(TAG_CLOSE);
    if (!close) throw malformed();
    const name = tag.slice(tag.indexOf(':') + 1);
    return [{ tag, element: { name, text: '', children: [] } }, close[1] === '/'];
  }

  #endTag(tag: string): void {
    const end = this.#at + 2 + tag.length;
    if (this.#source[end] === '>' && this.#source.startsWith(tag, this.#at + 2)) this.#at = end + 1;
    else if (this.#match(END_TAG)?.[1] !== tag) throw malformed();
  }

  /** Reads text up to the next `<`, or a slice of it that splits no reference. */
  #text(): string {
    const start = this.#at;
    if (this.#textEnd < start) this.#textEnd = this.#source.indexOf('<', start);
    if (this.#textEnd < 0) throw malformed();
    let end = this.#textEnd;
    if (end - start > SLICE_CHARACTERS) {
      end = start + SLICE_CHARACTERS;
      const reference = this.#source.slice(end - MAX_REFERENCE, end).lastIndexOf('&');
      if (reference >= 0) end += reference - MAX_REFERENCE;
    }
    // The text before ends in `>`: only a slice of text can begin within `]]>`.
    if (this.#source.slice(start - 2, end).includes(']]>')) throw malformed();
    this.#at = end;
    return this.#resolve(this.#source.slice(start, end));
  }

  #misc(): void {
    if (this.#at === this.#source.length) return;
    do this.#match(WHITESPACE);
    while (this.#skipComment());
  }

  /** Skips a comment or a processing instruction. */
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

  /** Returns text with its references resolved. */
  #resolve(text: string): string {
    let at = text.indexOf('&');
    if (at < 0) return text;
    let resolved = '';
    let from = 0;
    for (; at >= 0; at = text.indexOf('&', from)) {
      const end = text.indexOf(';', at);
      if (end < 0 || end - at > MAX_REFERENCE) throw malformed();
      resolved += text.slice(from, at) + this.#character(text.slice(at + 1, end));
      from = end + 1;
    }
    return resolved + text.slice(from);
  }

  /** Returns the character that the name or the number between `&` and `;` refers to. */
  #character(reference: string): string {
    const named = NAMED.get(reference);
    if (named !== undefined) return named;
    const [, decimal, hex] = NUMBER.exec(reference) ?? [];
    const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16);
    if (!(code <= 0x10ffff)) throw malformed();
    const char = String.fromCodePoint(code);
    if (this.#forbidden.test(char)) throw malformed();
    return char;
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
