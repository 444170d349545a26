import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { CommandError } from '../command-line/command-error.ts';
import { cutsOf, type Path } from './cuts.ts';
import { INDENT, idOf, indented, inFlow, inJson, keyOf } from './entries.ts';
import { entryEnd, flowSpans, lineStart, type Span, startOf } from './spans.ts';

export type { Path } from './cuts.ts';

/** Recently read documents: a change of several steps reads the same texts again and again. They are never changed. */
const read = new Map<string, Document>();
const MAX_READ = 64;

function parsed(text: string): Document {
  const document = read.get(text) ?? parseDocument(text, { logLevel: 'error', merge: true });
  read.delete(text);
  read.set(text, document);
  for (const oldest of read.keys()) if (read.size > MAX_READ) read.delete(oldest);
  return document;
}

const values = new WeakMap<Document, unknown>();

function valueIn(document: Document): unknown {
  if (!values.has(document)) values.set(document, document.toJS());
  return values.get(document);
}

/** Documents whose aliases have been looked at, with the first that has no anchor ahead of it. */
const dangling = new WeakMap<Document, { source: string | undefined }>();

function danglingAliasIn(document: Document): string | undefined {
  const known = dangling.get(document);
  if (known) return known.source;
  let source: string | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return undefined;
      source = alias.source;
      return visit.BREAK;
    },
  });
  dangling.set(document, { source });
  return source;
}

const isRecord = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * A YAML text that is read as a document and changed in place: unchanged parts keep every byte, including
 * comments, blank lines and quotes. An entry of a map or list in block style includes the comment right
 * above it.
 */
export class YamlFile {
  readonly name: string;
  readonly text: string;
  readonly document: Document;

  /** Throws CommandError for invalid YAML. */
  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
    this.document = parsed(text);
    const [error] = this.document.errors;
    if (error?.code === 'MULTIPLE_DOCS')
      throw new CommandError(`${name} has several documents, set apart by ---; keep one in it`);
    if (error) throw new CommandError(`${name} is not valid YAML: ${error.message.split('\n')[0]}`);
    const alias = danglingAliasIn(this.document);
    if (alias !== undefined)
      throw new CommandError(
        `${name} has *${alias}, and no &${alias} ahead of it; write out what it is`,
      );
  }

  node(path: Path): Node | undefined {
    const node = this.document.getIn(path, true);
    return node === null || node === undefined ? undefined : (node as Node);
  }

  /** Returns the value at a path, with aliases and merged maps resolved. */
  value(path: Path): unknown {
    return path.reduce<unknown>(
      (value, step) => (isRecord(value) ? value[step] : undefined),
      valueIn(this.document),
    );
  }

  has(path: Path): boolean {
    return this.document.hasIn(path);
  }

  /** Returns the keys of a map, in order; none if it does not exist or is not a map. */
  keys(path: Path): string[] {
    const map = path.length === 0 ? this.document.contents : this.node(path);
    return isMap(map) ? map.items.map(({ key }) => keyOf(key)) : [];
  }

  /** Returns the length of a list; 0 if it does not exist. */
  count(path: Path): number {
    const list = this.node(path);
    return isSeq(list) ? list.items.length : 0;
  }

  scalar(path: Path): string | undefined {
    const node = this.node(path);
    return isScalar(node) ? String(node.value) : undefined;
  }

  /** Returns an entry with the comment right above it, as written; empty if it does not exist. */
  textOf(path: Path): string {
    const span = this.#spans(path.slice(0, -1))[this.#indexIn(path)];
    return span ? this.text.slice(span.start, span.end) : '';
  }

  /** Whether blank lines separate the entries of the map or list that holds this one. */
  isApart(path: Path): boolean {
    const [first, second] = this.#spans(path.slice(0, -1));
    return (
      first !== undefined &&
      second !== undefined &&
      /\n\s*\n/.test(this.text.slice(first.end, second.start + 1))
    );
  }

  /** Returns the comment right above an entry, as written. */
  commentOf(path: Path): string {
    const lines = this.textOf(path).split('\n');
    const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
    return lines.slice(0, Math.max(first, 0)).join('\n');
  }

  /** Returns the text with existing scalars replaced by values, each given as it is to be written. */
  withValues(values: readonly (readonly [path: Path, value: string])[]): string {
    return values
      .flatMap(([path, value]) => {
        const [start, end] = this.node(path)?.range ?? [];
        return start === undefined || end === undefined ? [] : [{ start, end, value }];
      })
      .toSorted((a, b) => b.start - a.start)
      .reduce(
        (text, { start, end, value }) => text.slice(0, start) + value + text.slice(end),
        this.text,
      );
  }

  /** Returns the text without these entries. A map or list that becomes empty is removed too, with its key. */
  without(paths: readonly Path[]): string {
    const cuts = cutsOf(this, paths, (parent) => this.#spans(parent));
    return cuts
      .toSorted((a, b) => b.start - a.start)
      .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), this.text);
  }

  /**
   * Returns the text with one more entry in the map or list at `parent`, as it is written in another file:
   * right after the last of `before` that exists, first if none does, at the end without `before`. `apart`
   * separates it by a blank line.
   */
  withEntry(
    parent: Path,
    entry: string,
    { before, apart = false }: { before?: readonly (string | number)[]; apart?: boolean } = {},
  ): string {
    const spans = this.#spans(parent);
    const holder = parent.length === 0 ? this.document.contents : this.node(parent);
    if (isAlias(holder))
      throw new CommandError(
        `${this.name}: ${parent.join('.')} is *${holder.source}; write out what it is, so that it can be added to`,
      );
    if (isCollection(holder) && holder.flow) {
      const asJson = this.name.endsWith('.json');
      const written = asJson ? inJson(entry, parent.length + 1) : inFlow(entry);
      const last = spans.at(-1)?.end;
      const gap = asJson ? `\n${INDENT.repeat(parent.length + 1)}` : ' ';
      if (last !== undefined)
        return `${this.text.slice(0, last)},${gap}${written}${this.text.slice(last)}`;
      const close = asJson ? `\n${INDENT.repeat(parent.length)}` : ' ';
      const [start = 0, end = 0] = holder.range ?? [];
      const [open, shut] = isMap(holder) ? ['{', '}'] : ['[', ']'];
      return `${this.text.slice(0, start)}${open}${gap}${written}${close}${shut}${this.text.slice(end)}`;
    }
    if (spans.length === 0) return this.#withFirst(parent, entry, apart);
    const ids = this.#ids(parent);
    const places = ids.flatMap((id, index) => (before?.includes(id) ? [index] : []));
    const after = before === undefined ? spans.length - 1 : (places.at(-1) ?? -1);
    const block = indented(entry, this.#indentOf(spans[0] as Span));
    // A blank line after a block scalar that keeps its end would become part of its value.
    const gap = apart && !spans[after]?.keeps ? '\n\n' : '\n';
    const at = after < 0 ? (spans[0]?.start ?? 0) : (spans[after]?.end ?? 0);
    const put = after < 0 ? `${block}${gap}` : `${gap}${block}`;
    return this.text.slice(0, at) + put + this.text.slice(at);
  }

  /** A map that does not exist yet is added at the end of the one that holds it. */
  #withFirst(parent: Path, entry: string, apart: boolean): string {
    const key = parent.at(-1);
    const existing = parent.length > 0 && this.has(parent);
    if (key === undefined)
      return `${this.text.trimEnd()}${this.text.trim() ? (apart ? '\n\n' : '\n') : ''}${indented(entry, 0)}\n`;
    if (existing) {
      // `key: {}` or `key:` with nothing after it.
      const span = this.#spans(parent.slice(0, -1))[this.#indexIn(parent)] as Span;
      const keyNode = this.#keyNode(parent);
      const end = keyNode?.range?.[1] ?? span.end;
      const indent = this.#indentOf(span) + 2;
      return `${this.text.slice(0, end)}:\n${indented(entry, indent)}${this.text.slice(span.end)}`;
    }
    return this.withEntry(parent.slice(0, -1), `${key}:\n${indented(entry, 2)}`, {
      apart: parent.length === 1,
    });
  }

  #keyNode(path: Path): Node | undefined {
    const map = path.length === 1 ? this.document.contents : this.node(path.slice(0, -1));
    if (!isMap(map)) return undefined;
    return map.items.find(({ key }) => keyOf(key) === path.at(-1))?.key as Node | undefined;
  }

  #ids(parent: Path): (string | number)[] {
    const node = parent.length === 0 ? this.document.contents : this.node(parent);
    if (isMap(node)) return node.items.map(({ key }) => keyOf(key));
    return isSeq(node) ? node.items.map((item) => idOf(item)) : [];
  }

  #indexIn(path: Path): number {
    const last = path.at(-1);
    if (typeof last === 'number') return last;
    return this.keys(path.slice(0, -1)).indexOf(String(last));
  }

  /** Returns where the entries of a map or list are, each with the comment right above it. */
  #spans(parent: Path): Span[] {
    const node = parent.length === 0 ? this.document.contents : this.node(parent);
    if (!isCollection(node)) return [];
    if (node.flow) return flowSpans(node);
    let floor = 0;
    return node.items.map((item) => {
      const start = startOf(item as Node | Pair);
      const { end, keeps } = entryEnd(this.text, item as Node | Pair);
      const span = { start: this.#withComment(lineStart(this.text, start), floor), end, keeps };
      floor = end;
      return span;
    });
  }

  /** Includes comment lines right above, of the same indentation. Between two entries nothing else begins with #. */
  #withComment(start: number, floor: number): number {
    const indent = /^ */.exec(this.text.slice(start))?.[0].length ?? 0;
    let first = start;
    while (first > floor) {
      const above = lineStart(this.text, first - 1);
      const line = this.text.slice(above, first);
      if (above < floor || !line.trimStart().startsWith('#')) break;
      if (line.length - line.trimStart().length !== indent) break;
      first = above;
    }
    return first;
  }

  #indentOf({ start }: Span): number {
    return /^ */.exec(this.text.slice(start))?.[0].length ?? 0;
  }
}
