import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
/** Operations whose file has another name than the documentation gives them. */
const NAMES: Readonly<Record<string, string>> = { Preflight: 'OptionObject' };
/** Holds several. */
const SEVERAL = 'never-had';

function documentedName(file: string): string {
  const name = file.replace(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
  return NAMES[name] ?? name;
}

it('the table of differences has every operation of OSS', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, table = ''] = readme.split('## OSS, operation by operation');
  const operations = join(root, 'src/oss/operations');
  const files = readdirSync(operations).map((file) => file.replace(/\.ts$/, ''));
  const several = readFileSync(join(operations, `${SEVERAL}.ts`), 'utf8');
  const named = [...several.matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name);
  const wanted = [
    ...files.filter((file) => file !== SEVERAL).map(documentedName),
    ...named.map((name) => name.charAt(0).toUpperCase() + name.slice(1)),
  ];
  expect(wanted.length).toBeGreaterThan(60);
  for (const name of wanted) expect(table, name).toMatch(new RegExp(`\\b${name}\\b`));
});
