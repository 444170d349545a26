import { type Mapping, scalar, type Tree } from '../yaml-tree.ts';
import { NotPlain } from './not-plain.ts';
import { isQuote, plainValue, quotedText, skipSpaces } from './scalar.ts';

/** A text without quotes inside brackets. Colons in it are followed by more of it. */
const PLAIN = /[A-Za-z0-9_./$][\w./$()@*+~-]*(?::+[\w./$()@*+~-]+)*/y;

const MAX_DEPTH = 50;

interface Part {
  tree: Tree;
  end: number;
}

/** Reads `[a, b]` or `{ a: b }` that opens at `at` and closes on the same line. */
export function flowCollection(line: string, at: number, source: string, depth = 0): Part {
  if (depth > MAX_DEPTH) throw new NotPlain();
  return line[at] === '[' ? flowList(line, at, source, depth) : flowMap(line, at, source, depth);
}

function flowList(line: string, at: number, source: string, depth: number): Part {
  const items: Tree[] = [];
  let next = skipSpaces(line, at + 1);
  if (line[next] !== ']')
    for (;;) {
      const item = pairOrValue(line, next, source, depth);
      items.push(item.tree);
      next = skipSpaces(line, item.end);
      if (line[next] !== ',') break;
      next = skipSpaces(line, next + 1);
    }
  if (line[next] !== ']') throw new NotPlain();
  return { tree: { kind: 'list', items, source }, end: next + 1 };
}

function flowMap(line: string, at: number, source: string, depth: number): Part {
  const entries: Mapping['entries'] = new Map();
  let next = skipSpaces(line, at + 1);
  if (line[next] !== '}')
    for (;;) {
      const key = flowKey(line, next);
      if (key === undefined || entries.has(key.name)) throw new NotPlain();
      const value = flowValue(line, skipSpaces(line, key.end), source, depth);
      entries.set(key.name, value.tree);
      next = skipSpaces(line, value.end);
      if (line[next] !== ',') break;
      next = skipSpaces(line, next + 1);
    }
  if (line[next] !== '}') throw new NotPlain();
  return { tree: { kind: 'map', entries, source }, end: next + 1 };
}

/** Reads an item of a list, which may be one pair of a map without its braces: `[Ref: Queue]`. */
function pairOrValue(line: string, at: number, source: string, depth: number): Part {
  const key = flowKey(line, at);
  if (key === undefined) return flowValue(line, at, source, depth);
  const value = flowValue(line, skipSpaces(line, key.end), source, depth);
  return {
    tree: { kind: 'map', entries: new Map([[key.name, value.tree]]), source },
    end: value.end,
  };
}

/** Returns the key at `at` with the colon and the space after it; undefined if there is none. */
function flowKey(line: string, at: number): { name: string; end: number } | undefined {
  const { text, end } = isQuote(line[at]) ? quotedText(line, at) : plainText(line, at);
  if (line[end] !== ':' || line[end + 1] !== ' ') return undefined;
  if (text === '<<' || (!isQuote(line[at]) && typeof plainValue(text) !== 'string'))
    throw new NotPlain();
  return { name: text, end: end + 2 };
}

function flowValue(line: string, at: number, source: string, depth: number): Part {
  const char = line[at];
  if (char === '[' || char === '{') return flowCollection(line, at, source, depth + 1);
  if (isQuote(char)) {
    const { text, end } = quotedText(line, at);
    return { tree: scalar(text, source), end };
  }
  const { text, end } = plainText(line, at);
  if (text === '') throw new NotPlain();
  return { tree: scalar(plainValue(text), source), end };
}

/** Returns an empty text where none begins. */
function plainText(line: string, at: number): { text: string; end: number } {
  PLAIN.lastIndex = at;
  const [text = ''] = PLAIN.exec(line) ?? [];
  return { text, end: at + text.length };
}
