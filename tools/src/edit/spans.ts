import { isCollection, isScalar, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** A part of a text: from `start` up to, but not including, `end`. */
export interface Span {
  start: number;
  end: number;
  /** Whether blank lines right after it belong to its value: a block scalar with `+`. */
  keeps?: boolean;
}

/** Returns the spans of entries in braces or brackets, without the commas between them. */
export function flowSpans({ items }: YAMLMap | YAMLSeq): Span[] {
  return items.map((item) => ({
    start: startOf(item as Node | Pair),
    end: endOf(item as Node | Pair),
  }));
}

const isPair = (item: Node | Pair): item is Pair => item !== null && 'key' in item;

export function startOf(item: Node | Pair): number {
  const node = isPair(item) ? (item.key as Node) : item;
  return node.range?.[0] ?? 0;
}

/** Returns where the last word of a value ends. A collection's own range may include comments that follow it. */
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

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Returns the end of an entry of a map or list in block style. It includes line breaks that a block scalar keeps. */
export function entryEnd(text: string, item: Node | Pair): { end: number; keeps: boolean } {
  const end = endOf(item);
  const keeps = keepsEnd(text, item);
  return { end: keeps ? end - 1 : lineEnd(text, end), keeps };
}

function keepsEnd(text: string, item: unknown): boolean {
  if (isPair(item as Node | Pair)) return keepsEnd(text, (item as Pair).value);
  if (isCollection(item)) return !item.flow && keepsEnd(text, item.items.at(-1));
  if (!isScalar(item) || !item.range) return false;
  return /^[|>][0-9]?\+/.test(text.slice(item.range[0], item.range[0] + 3));
}

/** Returns the end of the line in which a value ends. A block scalar ends after its last line break. */
function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && text[end - 1] === '\n') end--;
  const next = text.indexOf('\n', end);
  const eol = next < 0 ? text.length : next;
  return text[eol - 1] === '\r' ? eol - 1 : eol;
}
