import { posix } from 'node:path';
import { addName, linkLines, type Names } from './links.ts';
import type { Module, Statement, Taken } from './module.ts';
import { type Declared, isRelative, type Needed, resolved } from './needed.ts';

/** Maximum lines of statements in a file; its imports are added on top. */
const MAX_LINES = 360;
const INDEX = 'index.ts';

/** One file of the copy, and the modules it consists of. */
interface Joined {
  path: string;
  modules: Module[];
  lines: number;
}

/**
 * Returns the files of what is needed, by their paths. Consecutive modules of a folder become one file, in
 * the order in which they need each other, as long as it stays short: a project that keeps its own copy has
 * fewer files to read.
 */
export function joinedFiles(needed: Needed): Map<string, string> {
  const files = foldersOf(needed).flatMap((modules) => joinedIn(modules, needed));
  const fileOf = new Map(
    files.flatMap(({ path, modules }) => modules.map((one) => [one.path, path] as const)),
  );
  return new Map(files.map((file) => [file.path, textOf(file, needed, fileOf)]));
}

const kept = ({ statements }: Module, needed: Needed): Statement[] =>
  statements.filter((one) => needed.statements.has(one));
const linesOf = (module: Module, needed: Needed): number =>
  kept(module, needed).reduce((sum, { text }) => sum + text.split('\n').length + 1, 0);

/** Returns the modules of each folder, each after those that it needs. */
function foldersOf({ modules }: Needed): Module[][] {
  const folders = new Map<string, Set<Module>>();
  const visit = (module: Module): void => {
    const folder = posix.dirname(module.path);
    const known = folders.get(folder) ?? new Set<Module>();
    folders.set(folder, known);
    if (known.has(module)) return;
    for (const { specifier } of [...module.imports, ...module.exports]) {
      const other = isRelative(specifier) && modules.get(resolved(module.path, specifier));
      if (other && posix.dirname(other.path) === folder) visit(other);
    }
    known.add(module);
  };
  const isIndex = (path: string) => path.endsWith(`/${INDEX}`);
  const paths = [...modules.keys()].sort();
  for (const path of [...paths.filter(isIndex), ...paths.filter((one) => !isIndex(one))]) {
    const module = modules.get(path);
    if (module) visit(module);
  }
  return [...folders.values()].map((found) => {
    const all = [...found];
    return [
      ...all.filter(({ path }) => !isIndex(path)),
      ...all.filter(({ path }) => isIndex(path)),
    ];
  });
}

function joinedIn(modules: Module[], needed: Needed): Joined[] {
  const out: Joined[] = [];
  for (const module of modules) {
    const last = out.at(-1);
    const lines = linesOf(module, needed);
    if (last && last.lines + lines <= MAX_LINES && mayJoin([...last.modules, module], needed)) {
      last.modules.push(module);
      last.lines += lines;
    } else out.push({ path: module.path, modules: [module], lines });
  }
  return out.map((file) => ({ ...file, path: nameOf(file.modules, needed) }));
}

/** Returns the name of the entry, else of the largest module. */
function nameOf(modules: readonly Module[], needed: Needed): string {
  const entry = modules.find(({ path }) => path.endsWith(`/${INDEX}`));
  const bySize = modules.toSorted((a, b) => linesOf(b, needed) - linesOf(a, needed));
  return (entry ?? bySize[0])?.path ?? '';
}

/** Whether each name means the same in all of them, and none has effects when it is loaded. */
function mayJoin(modules: readonly Module[], needed: Needed): boolean {
  const meanings = new Map<string, string>();
  const means = (name: string, meaning: string): boolean => {
    const known = meanings.get(name) ?? meaning;
    meanings.set(name, meaning);
    return known === meaning;
  };
  return modules.every((module) => {
    const isQuiet =
      module.statements.every(({ declares }) => declares.length > 0) &&
      module.exports.every(({ specifier }) => isRelative(specifier));
    const own = kept(module, needed).flatMap(({ declares }) => declares);
    return (
      isQuiet &&
      own.every((name) => means(name, `${module.path} ${name}`)) &&
      module.imports.every(({ specifier, taken }) =>
        taken.every((one) => {
          const { path, name } = source(needed, module, specifier, one);
          // Under another name it would not be found in the same file.
          return (
            (!isRelative(specifier) || name === one.local) && means(one.local, `${path} ${name}`)
          );
        }),
      )
    );
  });
}

/** Returns where a name that a module imports is declared. */
function source(needed: Needed, { path }: Module, specifier: string, { name }: Taken): Declared {
  if (!isRelative(specifier)) return { path: specifier, name };
  const from = resolved(path, specifier);
  return needed.declaredIn(from, name) ?? { path: from, name };
}

function textOf(file: Joined, needed: Needed, fileOf: ReadonlyMap<string, string>): string {
  const statements = file.modules.flatMap((module) => kept(module, needed));
  const mentioned = new Set(statements.flatMap(({ mentions }) => [...mentions]));
  const place = (path: string) => fileOf.get(path) ?? path;
  const imports: Names = new Map();
  const exports: Names = new Map();
  for (const module of file.modules) {
    for (const { specifier, taken } of module.imports) {
      if (taken.length === 0) imports.set(specifier, new Map());
      for (const one of taken) {
        const from = place(source(needed, module, specifier, one).path);
        if (mentioned.has(one.local) && from !== file.path) addName(imports, from, one);
      }
    }
    for (const { path, taken } of passedOn(module, needed))
      if (place(path) !== file.path) addName(exports, place(path), taken);
  }
  return `${[
    linkLines('import', file.path, imports),
    linkLines('export', file.path, exports),
    ...statements.map(({ text }) => text),
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}

/** Returns what a module exports that others declare, as far as it is used. */
function passedOn(module: Module, needed: Needed): { path: string; taken: Taken }[] {
  const names = needed.taken.get(module.path) ?? new Set();
  const all = names.has('*');
  const own = module.exports.flatMap(({ specifier, taken }) =>
    isRelative(specifier) ? [] : taken.map((one) => ({ path: specifier, taken: one })),
  );
  const wanted = all
    ? module.exports.flatMap(({ specifier, taken }) =>
        isRelative(specifier) ? taken.flatMap(({ local }) => (local === '*' ? [] : [local])) : [],
      )
    : [...names];
  return [
    ...(all ? own : []),
    ...wanted.flatMap((name) => {
      const declared = needed.declaredIn(module.path, name);
      if (!declared || declared.path === module.path) return [];
      const isType = needed.isType(declared);
      return [{ path: declared.path, taken: { name: declared.name, local: name, isType } }];
    }),
  ];
}
