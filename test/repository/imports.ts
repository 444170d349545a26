import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** One import, including type imports and `import()`. */
export interface Import {
  /** Path of the importing file from the root. */
  from: string;
  /** The specifier as written. */
  specifier: string;
  /** Path of the imported file from the root; absent for a package. */
  to?: string | undefined;
}

const SPECIFIER =
  /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\s)import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Returns the source files that git knows, or would add. */
export function sourceFiles(root: string): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'];
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n');
  return files.filter((file) => file !== '' && existsSync(join(root, file)));
}

/** Returns every import of those files. Text in backquotes counts as code: a program in a test imports too. */
export function importsOf(root: string, files: readonly string[]): Import[] {
  const known = new Set(files);
  return files.flatMap((from) => {
    const text = readFileSync(join(root, from), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
    return [...text.matchAll(SPECIFIER)].map(([, first, second, third]) => {
      const specifier = first ?? second ?? third ?? '';
      return { from, specifier, to: fileOf(from, specifier, known) };
    });
  });
}

/** Returns the package that a file is part of: the folder of its package.json. */
export function packageOf(file: string): string {
  return /^(shared|local|tools|bench\/measure)\//.exec(file)?.[1] ?? '.';
}

function fileOf(from: string, specifier: string, known: ReadonlySet<string>): string | undefined {
  const path = pathOf(from, specifier);
  if (path === undefined) return undefined;
  return [path, `${path}.ts`, `${path}/index.ts`].find((one) => known.has(one));
}

function pathOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier));
  const own = packageOf(from);
  const [, alias, rest = ''] = /^#(\w+)\/(.+)$/.exec(specifier) ?? [];
  if (alias === 'src' || alias === 'test') return normalize(join(own, alias, rest));
  if (alias === 'functions') return `functions/${rest}/index`;
  if (alias === 'shared') return `shared/src/${rest}/index`;
  return undefined;
}
