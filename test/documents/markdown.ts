import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders with documents of their own, besides the root and everything under docs/. */
const FOLDERS = ['bench', 'local', 'shared', 'tools'];

/** Paths from the root of every document that a reader is led to. */
export function documents(): string[] {
  const under = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const found = [
    ...readdirSync(ROOT),
    ...FOLDERS.flatMap((folder) =>
      readdirSync(join(ROOT, folder)).map((one) => `${folder}/${one}`),
    ),
    ...under.map((one) => `docs/${one.replaceAll('\\', '/')}`),
  ];
  return found.filter((path) => path.endsWith('.md')).sort();
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A fenced block of a document. */
export interface Block {
  /** The document's path from the root. */
  file: string;
  /** Line of the opening fence, counted from 1. */
  line: number;
  language: string;
  /** What follows the language: `account`, `while-running`. */
  marks: string[];
  text: string;
  /** The block that follows with nothing but blank lines between. */
  next?: Block;
}

const FENCE = /^( *)(```+)(.*)$/;

/** The fenced blocks of a document, in order. */
export function blocksIn(file: string, text = read(file)): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  let apart = true;
  for (let index = 0; index < lines.length; index++) {
    const [, indent = '', fence, info = ''] = FENCE.exec(lines[index] ?? '') ?? [];
    if (fence === undefined) {
      if (lines[index]?.trim()) apart = true;
      continue;
    }
    const [language = '', ...marks] = info.trim().split(/\s+/);
    const block: Block = { file, line: index + 1, language, marks, text: '' };
    while (++index < lines.length && lines[index]?.trim() !== fence)
      block.text += `${lines[index]?.slice(indent.length)}\n`;
    const before = blocks.at(-1);
    if (before && !apart) before.next = block;
    blocks.push(block);
    apart = false;
  }
  return blocks;
}

/** The text without its fenced blocks, line by line: what is in them is no prose. */
export function prose(text: string): string[] {
  let fenced = false;
  return text.split('\n').map((line) => {
    const isFence = FENCE.test(line);
    if (isFence) fenced = !fenced;
    return isFence || fenced ? '' : line;
  });
}
