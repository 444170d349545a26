import { type Block, blockAt } from './blocks.ts';
import type { LineEdit } from './edits.ts';

const METHOD = (name: string) => new RegExp(`^  (async )?'?${name}'?[(:]`);

/** Rows and paragraphs of the README that are about one function. */
export function readmeBlocks(lines: readonly string[], name: string): Block[] {
  return lines.flatMap((line, index) => {
    if (line.startsWith(`| [\`${name}\`](functions/${name}/index.ts) |`))
      return [{ start: index, end: index + 1 }];
    if (!line.startsWith(`**${name}.**`)) return [];
    let end = index + 1;
    while (end < lines.length && !/^(\*\*[a-z0-9-]+\.\*\*|## )/.test(lines[end] ?? '')) end++;
    while ((lines[end - 1] ?? '').trim() === '') end--;
    return [{ start: index, end }];
  });
}

/** Entries of the objects in the test of permissions that are named for one function. */
export function scenarioBlocks(lines: readonly string[], name: string): Block[] {
  return lines.flatMap((line, index) => {
    if (!METHOD(name).test(line)) return [];
    const one = /[,]$/.test(line) && !/[{([]$/.test(line);
    const rest = lines.slice(index).findIndex((other) => /^ {2}[}\])]+,$/.test(other));
    return [{ start: index, end: one || rest < 0 ? index + 1 : index + rest + 1 }];
  });
}

/** Puts a renamed copy right after each block, with a blank line between where the block has one before it. */
export function copyBlocks(
  lines: readonly string[],
  blocks: readonly Block[],
  rename: (text: string) => string,
): LineEdit[] {
  return blocks.map((block) => {
    const before = block.start > 0 ? (lines[block.start - 1] ?? '') : 'the first line';
    const copy = lines.slice(block.start, block.end).map(rename);
    return { at: block.end, insert: before.trim() === '' ? [before, ...copy] : copy };
  });
}

const inside = (blocks: readonly Block[], index: number) =>
  blocks.some(({ start, end }) => index >= start && index < end);

/** Items of YAML lists that name the function's role, outside of `own`, and those that name the function by its ARN in `invokers`, the roles by which it is invoked. */
export function itemBlocks(
  lines: readonly string[],
  { own, invokers }: { own: readonly Block[]; invokers: readonly Block[] },
  role: string,
  name: string,
): Block[] {
  const arn = new RegExp(`:functions/\\$\\{AppName\\}-${name}(['/]|$)`);
  return lines.flatMap((line, index) => {
    if (!/^\s*- /.test(line) || inside(own, index)) return [];
    const named = line.includes(`Fn::GetAtt: [${role}, `);
    return named || (inside(invokers, index) && arn.test(line)) ? [blockAt(lines, index)] : [];
  });
}
