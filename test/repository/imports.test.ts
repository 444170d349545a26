import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { circlesIn } from './circles.ts';
import { type Import, importsOf, packageOf, sourceFiles } from './imports.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const files = sourceFiles(ROOT);
const imports = importsOf(ROOT, files);

const shown = ({ from, specifier }: Import) => `${from} imports ${specifier}`;
const inside = (folder: string) => imports.filter(({ from }) => from.startsWith(folder));

it('reads imports of values, of types and at run time', () => {
  expect(files.length).toBeGreaterThan(500);
  const of = (from: string) => inside(from).map(({ specifier, to }) => [specifier, to]);
  expect(of('local/src/start/console.ts')).toContainEqual([
    '../console/server.ts',
    'local/src/console/server.ts',
  ]);
  expect(of('functions/queue-consumer/index.ts')).toContainEqual([
    '#shared/consume',
    'shared/src/consume/index.ts',
  ]);
});

it('finds circles between files and between folders, and no others', () => {
  expect(
    circlesIn([
      ['a/x.ts', 'a/y.ts'],
      ['a/y.ts', 'a/z.ts'],
    ]),
  ).toEqual([]);
  expect(
    circlesIn([
      ['a/x.ts', 'a/y.ts'],
      ['a/y.ts', 'a/x.ts'],
    ]),
  ).toEqual([['a/x.ts', 'a/y.ts']]);
  expect(
    circlesIn([
      ['s/a/x.ts', 's/b/y.ts'],
      ['s/b/z.ts', 's/a/w.ts'],
    ]),
  ).toEqual([['s/a', 's/b']]);
});

it('imports files of another package only through its exports', () => {
  const deep = imports.filter(({ from, specifier, to }) => {
    if (specifier.startsWith('#shared/') && packageOf(from) === '.') return false;
    return to !== undefined && packageOf(to) !== packageOf(from);
  });
  const packaged = imports.filter(({ specifier }) =>
    /^fc-(kit|local|templates)\/(src|dist|test)\b/.test(specifier),
  );
  expect([...deep, ...packaged].map(shown)).toEqual([]);
});

it.each([
  ['shared/src/', /^fc-|^#/],
  ['local/src/', /^fc-|^#/],
  ['tools/src/', /^fc-(?!kit\/|local(\/project|\/testing)?$)|^#/],
  ['functions/', /^fc-|^#(?!shared\/)|^\.\.\/(?!order\.ts$)/],
])('lets %s import only what it may', (folder, forbidden) => {
  expect(inside(folder).length).toBeGreaterThan(0);
  expect(
    inside(folder)
      .filter(({ specifier }) => forbidden.test(specifier))
      .map(shown),
  ).toEqual([]);
});

it.each(['shared/src/', 'local/src/', 'tools/src/', 'test/', 'functions/'])(
  'has no circle in %s, types included',
  (folder) => {
    const edges = inside(folder).flatMap(({ from, to }) =>
      to?.startsWith(folder) ? [[from, to] as const] : [],
    );
    expect(circlesIn(edges)).toEqual([]);
  },
);

it('gives each handler five import lines at most', () => {
  const handlers = files.filter((file) => /^functions\/[^/]+\/index\.ts$/.test(file));
  const long = handlers.filter((file) => imports.filter(({ from }) => from === file).length > 5);
  expect(handlers.length).toBeGreaterThan(9);
  expect(long).toEqual([]);
});
