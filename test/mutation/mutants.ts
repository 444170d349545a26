import { readFileSync } from 'node:fs';
import { parseAst } from 'vitest/node';

/** One change to a file that its tests should notice. */
export interface Mutant {
  /** Path from the repository's root. */
  file: string;
  start: number;
  end: number;
  replacement: string;
  /**
   * The same from run to run while the line is unchanged: `shared/src/smq/check.ts: if (value < low) | <
   * becomes <=`.
   */
  name: string;
  line: number;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

const OPERATORS: Record<string, string> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&&': '||',
  '||': '&&',
  '??': '&&',
};

/** TypeScript's nodes that hold an expression; other TS nodes hold types. */
const TYPED_EXPRESSIONS = /^TS(As|Satisfies|NonNull)/;
/** Text for people, whose wording tests need not check. */
const PROSE = /\s/;

/**
 * Returns all mutants of one file: conditions inverted, operators exchanged, numbers one off, words
 * emptied, calls left out.
 */
export function mutantsOf(root: string, file: string): Mutant[] {
  const source = readFileSync(`${root}/${file}`, 'utf8');
  const found: Mutant[] = [];
  const add = (start: number, end: number, replacement: string, what: string) => {
    const line = source.slice(0, start).split('\n').length;
    const text = source.split('\n')[line - 1]?.trim() ?? '';
    found.push({ file, start, end, replacement, line, name: `${file}: ${text} | ${what}` });
  };
  const shown = (node: Node) => source.slice(node.start, node.end);

  const visit = (node: Node): void => {
    const { type } = node;
    if (type.startsWith('TS') && !TYPED_EXPRESSIONS.test(type)) return;
    if (/^(Import|ExportAll)/.test(type) && type !== 'ImportExpression') return;
    if (type === 'BinaryExpression' || type === 'LogicalExpression') operator(node);
    if (type === 'UnaryExpression' && node.operator === '!')
      add(node.start, node.end, `(${shown(node.argument as Node)})`, '! is left out');
    if (type === 'ConditionalExpression' || type === 'IfStatement') condition(node.test as Node);
    if (type === 'ExpressionStatement') statement(node);
    if (type === 'Literal') literal(node);
    for (const [name, value] of Object.entries(node)) {
      const isName =
        (name === 'key' && !node.computed) || ['typeAnnotation', 'source'].includes(name);
      if (isName || name === 'parent') continue;
      for (const child of [value].flat())
        if (typeof child === 'object' && child !== null && 'type' in child) visit(child as Node);
    }
  };

  function operator(node: Node): void {
    const [left, right] = [node.left as Node, node.right as Node];
    const old = String(node.operator);
    const other = OPERATORS[old];
    if (other === undefined) return;
    const at = source.indexOf(old, left.end);
    if (at < 0 || at >= right.start) return;
    // Joining texts is not a sum.
    if (old === '+' && [left, right].some((side) => /['"`]/.test(shown(side)))) return;
    // Parentheses, since ?? must not be mixed with other operators.
    add(
      node.start,
      node.end,
      `((${shown(left)}) ${other} (${shown(right)}))`,
      `${old} becomes ${other}`,
    );
  }

  function condition(test: Node): void {
    add(test.start, test.end, 'true', `(${shown(test).slice(0, 60)}) becomes true`);
    add(test.start, test.end, 'false', `(${shown(test).slice(0, 60)}) becomes false`);
  }

  function statement(node: Node): void {
    const { type } = node.expression as Node;
    if (/^(Call|Await|Assignment|Update)Expression$/.test(type) && !/^super\(/.test(shown(node)))
      add(node.start, node.end, ';', 'the statement is left out');
  }

  function literal(node: Node): void {
    const { value } = node;
    if (typeof value === 'boolean')
      add(node.start, node.end, String(!value), `${value} becomes ${!value}`);
    if (typeof value === 'number')
      add(node.start, node.end, String(value + 1), `${value} becomes ${value + 1}`);
    if (typeof value === 'string' && value !== '' && !PROSE.test(value))
      add(node.start, node.end, "''", `"${value}" becomes ""`);
  }

  visit(parseAst(source, { lang: 'ts' }) as unknown as Node);
  return found;
}
