import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders with documents of their own, besides the root and everything under docs/. */
const FOLDERS = ['bench', 'local', 'shared', 'tools'];

/** Returns the paths from the root of every document for readers. */
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
  /** The words after the language: `account`, `while-running`. */
  marks: string[];
  text: string;
  /** The next block, if only blank lines are between. */
  next?: Block;
}

const FENCE = /^( *)(```+)(.*)$/;

/** Returns the fenced blocks of a document, in order. */
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

/** Returns the text line by line without its fenced blocks, which are not prose. */
export function prose(text: string): string[] {
  let fenced = false;
  return text.split('\n').map((line) => {
    const isFence = FENCE.test(line);
    if (isFence) fenced = !fenced;
    return isFence || fenced ? '' : line;
  });
}
