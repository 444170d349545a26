import { longForm } from '../short-forms.ts';
import { type List, MAX_VALUES, type Mapping, scalar, type Tree } from '../yaml-tree.ts';
import { blockText } from './block-scalar.ts';
import { flowCollection } from './flow.ts';
import { NotPlain } from './not-plain.ts';
import { endsAt, isQuote, plainValue, quotedText, skipSpaces } from './scalar.ts';

/** A key without quotes; colons in it are followed by more of it. */
const KEY = /[A-Za-z0-9_./$][\w./$()@+~-]*(?::+[\w./$()@+~-]+)*/y;

/** Begins a text without quotes. */
const PLAIN_START = /[^\s,[\]{}#&*!|>'"%@`?:-]|[-:][^\s,[\]{}]/y;

const TAG = /(![A-Za-z][A-Za-z0-9]*) +/y;

/** Longer ones may not be keys. */
const MAX_KEY = 1000;
const MAX_DEPTH = 100;

/** Reads a text of common forms line by line. Throws NotPlain at the first other one. */
export class PlainReader {
  readonly #lines: readonly string[];
  readonly #file: string;
  readonly #anyShortForm: boolean;
  /** Index of the current line. */
  #at = 0;
  #depth = 0;

  constructor(text: string, file: string, anyShortForm: boolean) {
    this.#lines = text.split('\n');
    this.#file = file;
    this.#anyShortForm = anyShortForm;
    // A value takes at least two characters.
    if (text.length > 2 * MAX_VALUES) throw new NotPlain();
  }

  read(): Mapping {
    if (this.#next() !== 0) throw new NotPlain();
    const tree = this.#mapping(0, `${this.#file}:1`);
    if (this.#next() !== -1) throw new NotPlain();
    return tree;
  }

  get #line(): string {
    return this.#lines[this.#at] ?? '';
  }

  get #place(): string {
    return `${this.#file}:${this.#at + 1}`;
  }

  /** Moves to the next line with content. Returns its indentation; -1 when there is none. */
  #next(): number {
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#line;
      const indent = skipSpaces(line, 0);
      if (indent < line.length && line[indent] !== '#') return indent;
    }
    return -1;
  }

  /** Reads a block of either kind, from the line's first character on. */
  #block(indent: number, source: string): List | Mapping {
    if (++this.#depth > MAX_DEPTH) throw new NotPlain();
    const tree = isItem(this.#line, indent)
      ? this.#list(indent, source)
      : this.#mapping(indent, source);
    this.#depth--;
    return tree;
  }

  /** Reads entries whose keys begin at column `indent`; the first may follow a dash. */
  #mapping(indent: number, source: string): Mapping {
    const entries: Mapping['entries'] = new Map();
    let next: number;
    do {
      const key = keyAt(this.#line, indent);
      if (key === undefined || entries.has(key.name)) throw new NotPlain();
      entries.set(key.name, this.#valueAfter(key.end, indent));
      next = this.#next();
      if (next > indent) throw new NotPlain();
    } while (next === indent);
    return { kind: 'map', entries, source };
  }

  #list(indent: number, source: string): List {
    const items: Tree[] = [];
    let next: number;
    do {
      items.push(this.#item(indent));
      next = this.#next();
      if (next > indent) throw new NotPlain();
    } while (next === indent && isItem(this.#line, indent));
    return { kind: 'list', items, source };
  }

  #item(indent: number): Tree {
    const line = this.#line;
    const at = skipSpaces(line, indent + 1);
    if (at === line.length || line[at] === '#') throw new NotPlain();
    if (keyAt(line, at)) {
      if (++this.#depth > MAX_DEPTH) throw new NotPlain();
      const tree = this.#mapping(at, this.#place);
      this.#depth--;
      return tree;
    }
    return this.#value(at, indent, this.#place);
  }

  /** Reads the value of a key that ends at `from`: on this line, on those below it, or nothing. */
  #valueAfter(from: number, indent: number): Tree {
    const source = this.#place;
    if (!endsAt(this.#line, from)) return this.#value(skipSpaces(this.#line, from), indent, source);
    this.#at++;
    const next = this.#next();
    if (next > indent) return this.#block(next, source);
    // A list may begin at the column of its key.
    if (next === indent && isItem(this.#line, next)) return this.#block(next, source);
    return scalar(null, source);
  }

  #value(at: number, indent: number, source: string): Tree {
    const line = this.#line;
    if (line[at] === '!') return this.#tagged(at, indent, source);
    if (line[at] === '|' || line[at] === '>')
      return scalar(this.#blockText(line.slice(at).trimEnd(), indent), source);
    if (isQuote(line[at])) {
      const { text, end } = quotedText(line, at);
      return this.#ended(end, scalar(text, source));
    }
    if (line[at] === '[' || line[at] === '{') {
      const { tree, end } = flowCollection(line, at, source);
      return this.#ended(end, tree);
    }
    const tree = scalar(plainValue(plainText(line, at)), source);
    this.#at++;
    return tree;
  }

  /** Reads a value after a tag, which makes a text of one without quotes. */
  #tagged(at: number, indent: number, source: string): Tree {
    const line = this.#line;
    TAG.lastIndex = at;
    const [whole, tag] = TAG.exec(line) ?? [];
    const name = tag === undefined ? undefined : longForm(tag, this.#anyShortForm);
    if (whole === undefined || name === undefined) throw new NotPlain();
    const from = at + whole.length;
    let value: Tree;
    if (isQuote(line[from]) || line[from] === '[') value = this.#value(from, indent, source);
    else {
      value = scalar(plainText(line, from), source);
      this.#at++;
    }
    return { kind: 'map', entries: new Map([[name, value]]), source };
  }

  #blockText(header: string, indent: number): string {
    if (!['|', '|-', '>', '>-'].includes(header)) throw new NotPlain();
    const { text, next } = blockText(this.#lines, this.#at + 1, indent, header);
    this.#at = next;
    return text;
  }

  /** Moves to the next line, if nothing more is in this one. */
  #ended(at: number, tree: Tree): Tree {
    if (!endsAt(this.#line, at)) throw new NotPlain();
    this.#at++;
    return tree;
  }
}

/** Returns whether an item of a list begins there. */
function isItem(line: string, at: number): boolean {
  return line[at] === '-' && (at + 1 === line.length || line[at + 1] === ' ');
}

/** Returns the key at `at`, and where its colon ends; undefined if none is there. */
function keyAt(line: string, at: number): { name: string; end: number } | undefined {
  let name: string;
  let end: number;
  const quoted = isQuote(line[at]);
  if (quoted) ({ text: name, end } = quotedText(line, at));
  else {
    KEY.lastIndex = at;
    [name = ''] = KEY.exec(line) ?? [];
    end = at + name.length;
  }
  if (end === at || line[end] !== ':') return undefined;
  if (end + 1 < line.length && line[end + 1] !== ' ') return undefined;
  if (end - at > MAX_KEY || name === '<<') throw new NotPlain();
  if (!quoted && typeof plainValue(name) !== 'string') throw new NotPlain();
  return { name, end: end + 1 };
}

/** Returns a text without quotes, which ends with the line or at a comment. */
function plainText(line: string, at: number): string {
  PLAIN_START.lastIndex = at;
  if (!PLAIN_START.test(line)) throw new NotPlain();
  const comment = line.indexOf(' #', at);
  const text = line.slice(at, comment < 0 ? undefined : comment).trimEnd();
  if (text.includes(': ') || text.endsWith(':')) throw new NotPlain();
  return text;
}
