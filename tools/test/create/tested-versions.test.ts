import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockfileOf, testedVersionsOf } from '#src/templates/tested-versions';
import { ROOT } from '#test/repository';

const installed = (name: string): { version: string } =>
  JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));

it('a new project’s lockfile begins with the versions that are installed here', () => {
  const { name, packages } = JSON.parse(lockfileOf('app', testedVersionsOf(ROOT)));
  expect(name).toBe('app');
  expect(packages['']).toEqual({ name: 'app' });
  for (const one of ['vitest', 'vite', 'typescript', 'ali-oss'])
    expect(packages[`node_modules/${one}`]).toMatchObject({ version: installed(one).version });
});

it('it has none of the repository’s own packages, and no address', () => {
  const packages = testedVersionsOf(ROOT);
  const paths = Object.keys(packages);
  for (const name of ['fc-kit', 'fc-local', 'fc-templates', 'fc-measure'])
    expect(paths).not.toContain(`node_modules/${name}`);
  expect(paths.every((path) => path.startsWith('node_modules/'))).toBe(true);
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
