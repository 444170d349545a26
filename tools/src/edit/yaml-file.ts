import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { CommandError } from '../command-line/command-error.ts';

/** Keys and indexes that lead to a value. */
export type Path = readonly (string | number)[];

/** A part of a text: from `start` up to, and not with, `end`. */
interface Span {
  start: number;
  end: number;
}

/** Documents read last: a change of several steps reads the same texts again and again. None is ever changed. */
const read = new Map<string, Document>();
const MAX_READ = 64;

function parsed(text: string): Document {
  const document = read.get(text) ?? parseDocument(text, { logLevel: 'error' });
  read.delete(text);
  read.set(text, document);
  for (const oldest of read.keys()) if (read.size > MAX_READ) read.delete(oldest);
  return document;
}

/**
 * A YAML text that is read as a document and changed in place: what is not changed keeps every byte,
 * comments, blank lines and quotes included. Entries of a map or list in block style take the comment
 * right above them along.
 */
export class YamlFile {
  readonly name: string;
  readonly text: string;
  readonly document: Document;

  /** Throws CommandError for what is no YAML. */
  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
    this.document = parsed(text);
    const [error] = this.document.errors;
    if (error) throw new CommandError(`${name} is no valid YAML: ${error.message.split('\n')[0]}`);
  }

  node(path: Path): Node | undefined {
    const node = this.document.getIn(path, true);
    return node === null || node === undefined ? undefined : (node as Node);
  }

  has(path: Path): boolean {
    return this.document.hasIn(path);
  }

  /** The keys of a map, in order; none when it is not there or no map. */
  keys(path: Path): string[] {
    const map = path.length === 0 ? this.document.contents : this.node(path);
    return isMap(map) ? map.items.map(({ key }) => keyOf(key)) : [];
  }

  /** The length of a list; 0 when it is not there. */
  count(path: Path): number {
    const list = this.node(path);
    return isSeq(list) ? list.items.length : 0;
  }

  scalar(path: Path): string | undefined {
    const node = this.node(path);
    return isScalar(node) ? String(node.value) : undefined;
  }

  /** An entry with the comment right above it, as it is written; empty when there is none. */
  textOf(path: Path): string {
    const span = this.#spans(path.slice(0, -1))[this.#indexIn(path)];
    return span ? this.text.slice(span.start, span.end) : '';
  }

  /** Whether the entries of the map or list that holds this one are set off by blank lines. */
  isApart(path: Path): boolean {
    const [first, second] = this.#spans(path.slice(0, -1));
    return (
      first !== undefined &&
      second !== undefined &&
      /\n\s*\n/.test(this.text.slice(first.end, second.start + 1))
    );
  }

  /** The comment right above an entry, as it is written. */
  commentOf(path: Path): string {
    const lines = this.textOf(path).split('\n');
    const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
    return lines.slice(0, Math.max(first, 0)).join('\n');
  }

  /** The text with other values in the places of scalars that are there, each as it is to be written. */
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

  /** The text without these entries. A map or list of which nothing is left goes too, with its key. */
  without(paths: readonly Path[]): string {
    const cuts = cutsOf(this, paths, (parent) => this.#spans(parent));
    return cuts
      .toSorted((a, b) => b.start - a.start)
      .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), this.text);
  }

  /**
   * The text with one more entry in the map or list at `parent`, as it is written in another file: right
   * after the last of `before` that is there, ahead of all when none is, at the end without `before`.
   * `apart` sets it off by a blank line.
   */
  withEntry(
    parent: Path,
    entry: string,
    { before, apart = false }: { before?: readonly (string | number)[]; apart?: boolean } = {},
  ): string {
    const spans = this.#spans(parent);
    const holder = parent.length === 0 ? this.document.contents : this.node(parent);
    if (isMap(holder) && holder.flow && spans.length > 0) {
      const at = spans.at(-1)?.end ?? 0;
      return `${this.text.slice(0, at)}, ${inFlow(entry)}${this.text.slice(at)}`;
    }
    if (isMap(holder) && holder.flow && parent.length > 0)
      return this.withValues([[parent, `{ ${inFlow(entry)} }`]]);
    if (spans.length === 0) return this.#withFirst(parent, entry, apart);
    const ids = this.#ids(parent);
    const places = ids.flatMap((id, index) => (before?.includes(id) ? [index] : []));
    const after = before === undefined ? spans.length - 1 : (places.at(-1) ?? -1);
    const block = indented(entry, this.#indentOf(spans[0] as Span));
    const gap = apart ? '\n\n' : '\n';
    const at = after < 0 ? (spans[0]?.start ?? 0) : (spans[after]?.end ?? 0);
    const put = after < 0 ? `${block}${gap}` : `${gap}${block}`;
    return this.text.slice(0, at) + put + this.text.slice(at);
  }

  /** A map that is not there yet comes at the end of the one that holds it. */
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

  /** Where the entries of a map or list are, each with the comment right above it. */
  #spans(parent: Path): Span[] {
    const node = parent.length === 0 ? this.document.contents : this.node(parent);
    if (!isCollection(node)) return [];
    if (node.flow) return flowSpans(node);
    let floor = 0;
    return node.items.map((item) => {
      const start = startOf(item as Node | Pair);
      const end = lineEnd(this.text, endOf(item as Node | Pair));
      const span = { start: this.#withComment(lineStart(this.text, start), floor), end };
      floor = end;
      return span;
    });
  }

  /** Lines right above, of the same indentation, that are comments. Between two entries nothing else begins with #. */
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

/** What identifies an item of a list: its ID or name, else its text. */
export function idOf(item: unknown): string {
  if (!isMap(item)) return String(item);
  const id = item.get('ID') ?? item.get('id') ?? item.get('name') ?? item.get('triggerName');
  return id === undefined ? String(item) : String(id);
}

interface Group {
  parent: Path;
  gone: Set<string | number>;
}

/** What goes of each map and list; one of which all goes is itself what goes of the one that holds it. */
function groupsOf(file: YamlFile, paths: readonly Path[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  const add = (path: Path): void => {
    const parent = path.slice(0, -1);
    const key = JSON.stringify(parent);
    const group = groups.get(key) ?? { parent, gone: new Set() };
    groups.set(key, group);
    group.gone.add(path.at(-1) ?? '');
    const all = file.keys(parent).length || file.count(parent);
    if (group.gone.size === all && parent.length > 0) add(parent);
  };
  for (const path of paths) if (file.has(path)) add(path);
  const isGone = (path: Path) =>
    path.some((step, index) => groups.get(JSON.stringify(path.slice(0, index)))?.gone.has(step));
  const inside = [...groups].filter(([, { parent }]) => isGone(parent));
  for (const [key] of inside) groups.delete(key);
  return groups;
}

/** Cuts in one reading, so that they come out the same in any order: a gap belongs to the entry after it. */
function cutsOf(
  file: YamlFile,
  paths: readonly Path[],
  spansOf: (parent: Path) => readonly Span[],
): Span[] {
  const byParent = groupsOf(file, paths);
  return [...byParent.values()].flatMap(({ parent, gone }) => {
    const keys = file.keys(parent);
    const spans = spansOf(parent);
    const isGone = (index: number) => gone.has(keys[index] ?? index) || gone.has(index);
    const kept = spans.findIndex((_, index) => !isGone(index));
    const cuts = spans.flatMap(({ end }, index) => {
      const previous = spans[index - 1];
      return index > kept && isGone(index) && previous ? [{ start: previous.end, end }] : [];
    });
    const [first, firstKept] = [spans[0], spans[kept]];
    if (kept > 0 && first && firstKept) cuts.push({ start: first.start, end: firstKept.start });
    if (kept < 0 && first) cuts.push({ start: first.start, end: spans.at(-1)?.end ?? first.end });
    return cuts;
  });
}

/** Of a map or list in braces or brackets: without the commas between. */
function flowSpans({ items }: YAMLMap | YAMLSeq): Span[] {
  return items.map((item) => ({
    start: startOf(item as Node | Pair),
    end: endOf(item as Node | Pair),
  }));
}

/** An entry of a map as it is written between braces. */
function inFlow(entry: string): string {
  const document = parseDocument(indented(entry, 0));
  visit(document, {
    Collection(_, node) {
      node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 }).trim().slice(1, -1).trim();
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

const isPair = (item: Node | Pair): item is Pair => 'key' in item;

function startOf(item: Node | Pair): number {
  const node = isPair(item) ? (item.key as Node) : item;
  return node.range?.[0] ?? 0;
}

/** Where the last word of a value ends. A collection's own range may hold comments that follow it. */
function endOf(item: Node | Pair): number {
  if (isPair(item)) {
    const value = item.value as Node | null;
    const empty = !value?.range || (isScalar(value) && value.value === null && !value.source);
    return empty ? ((item.key as Node).range?.[1] ?? 0) : endOf(value);
  }
  if (isCollection(item) && !item.flow) {
    const last = item.items.at(-1) as Node | Pair | undefined;
    if (last) return endOf(last);
  }
  return item.range?.[1] ?? 0;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The end of the line in which a value ends. A block scalar ends after its last line break. */
function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && text[end - 1] === '\n') end--;
  const next = text.indexOf('\n', end);
  const eol = next < 0 ? text.length : next;
  return text[eol - 1] === '\r' ? eol - 1 : eol;
}

/** An entry at another depth. */
export function indented(entry: string, indent: number): string {
  const lines = entry.split('\n');
  const own = Math.min(
    ...lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length),
  );
  return lines
    .map((line) => (line.trim() ? `${' '.repeat(indent)}${line.slice(own)}` : line))
    .join('\n');
}
