import { posix } from 'node:path';
import type { Link, Taken } from './module.ts';

/** Maximum characters of a line, as in a project's biome.json. */
const MAX_LINE = 100;

/** Imported or exported names by their origin: a file, relative to the package's root, or a package. */
export type Names = Map<string, Map<string, Taken>>;

/** Adds a name; one that is a value in one place is a value everywhere. */
export function addName(names: Names, from: string, taken: Taken): void {
  const of = names.get(from) ?? new Map<string, Taken>();
  names.set(from, of);
  const key = `${taken.name} ${taken.local}`;
  const isType = taken.isType && (of.get(key)?.isType ?? true);
  of.set(key, { ...taken, isType });
}

/** Returns the statements, sorted and wrapped as the project's formatter does it. */
export function linkLines(kind: 'import' | 'export', file: string, names: Names): string {
  const links = [...names].flatMap(([from, taken]) => grouped(specifierFor(file, from), taken));
  return links
    .toSorted((a, b) => inOrder(rank(a.specifier), rank(b.specifier)))
    .map((link) => linkText(kind, link))
    .join('\n');
}

/**
 * Groups names into statements: a whole module cannot be imported together with some of its names. Types
 * come first.
 */
function grouped(specifier: string, names: Map<string, Taken>): Link[] {
  const taken = [...names.values()];
  const whole = taken.filter(({ name }) => name === '*').map((one) => [one]);
  const others = taken.filter(({ name }) => name !== '*');
  const some = others.length > 0 || taken.length === 0 ? [others] : [];
  const areTypes = others.length > 0 && others.every(({ isType }) => isType);
  return (areTypes ? [...some, ...whole] : [...whole, ...some]).map((one) => ({
    specifier,
    taken: one,
  }));
}

function specifierFor(file: string, from: string): string {
  if (!from.startsWith('src/')) return from;
  const path = posix.relative(posix.dirname(file), from);
  return path.startsWith('.') ? path : `./${path}`;
}

function linkText(kind: 'import' | 'export', { specifier, taken }: Link): string {
  if (taken.length === 0) return `import '${specifier}';`;
  const onlyTypes = taken.every(({ isType }) => isType);
  const head = onlyTypes ? `${kind} type` : kind;
  const [whole] = taken;
  if (whole?.name === '*')
    return `${head} *${whole.local === '*' ? '' : ` as ${whole.local}`} from '${specifier}';`;
  const one = taken.find(({ name }) => name === 'default' && kind === 'import');
  const items = taken
    .filter((other) => other !== one)
    .toSorted((a, b) => inOrder(a.name, b.name))
    .map(
      ({ name, local, isType }) =>
        `${isType && !onlyTypes ? 'type ' : ''}${name}${local === name ? '' : ` as ${local}`}`,
    );
  const front = [head, one?.local].filter(Boolean).join(' ');
  if (items.length === 0) return `${front} from '${specifier}';`;
  const comma = one ? ',' : '';
  const line = `${front}${comma} { ${items.join(', ')} } from '${specifier}';`;
  if (line.length <= MAX_LINE) return line;
  return `${front}${comma} {\n${items.map((item) => `  ${item},\n`).join('')}} from '${specifier}';`;
}

/** Ranks Node.js modules first, then packages, then files, the farthest first. */
function rank(specifier: string): string {
  const kind = specifier.startsWith('node:') ? 0 : specifier.startsWith('.') ? 2 : 1;
  return `${kind}${specifier}`;
}

/** Compares in the formatter's order: letter by letter, a capital before its small letter. */
function inOrder(a: string, b: string): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [x, y] = [a[index] ?? '', b[index] ?? ''];
    const [low, other] = [x.toLowerCase(), y.toLowerCase()];
    if (low !== other) return low < other ? -1 : 1;
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.length - b.length;
}
