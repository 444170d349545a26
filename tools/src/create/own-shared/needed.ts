import { posix } from 'node:path';
import { type Module, readModule, type Statement } from './module.ts';

/** Reads a file of fc-kit by its path from the package's root. */
export type ReadKit = (path: string) => string;

/** The part of fc-kit that is needed: statements of modules, and the names that each entry exports. */
export interface Needed {
  modules: Map<string, Module>;
  statements: Set<Statement>;
  /** For each module that re-exports what others declare, the names that are used of it; `*` is all. */
  taken: Map<string, Set<string>>;
  /** Returns where a name that a module exports is declared. */
  declaredIn(path: string, name: string): Declared | undefined;
  /** Whether it is a type and not a value. */
  isType(declared: Declared): boolean;
}

export interface Declared {
  path: string;
  name: string;
}

/** Returns the path that a relative specifier of a module refers to. */
export function resolved(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

export const isRelative = (specifier: string) => specifier.startsWith('.');

/** Follows the imports of fc-kit, statement by statement, through its modules. */
export function neededOf(entries: Map<string, Set<string>>, readKit: ReadKit): Needed {
  const modules = new Map<string, Module>();
  const statements = new Set<Statement>();
  const taken = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const entered = new Set<string>();
  const module = (path: string): Module => {
    const known = modules.get(path) ?? readModule(path, readKit(path));
    modules.set(path, known);
    return known;
  };
  /** A module's effects on loading are needed whatever is imported from it. */
  const enter = (from: Module): void => {
    if (entered.has(from.path)) return;
    entered.add(from.path);
    for (const one of from.statements) if (one.declares.length === 0) keep(from, one);
    for (const { specifier, taken } of from.imports)
      if (taken.length === 0 && isRelative(specifier)) need(resolved(from.path, specifier), '*');
  };
  const keep = (from: Module, one: Statement): void => {
    if (statements.has(one)) return;
    statements.add(one);
    enter(from);
    for (const other of from.statements)
      if (other.declares.some((name) => one.mentions.has(name))) keep(from, other);
    for (const link of from.imports)
      for (const { name, local } of link.taken)
        if (one.mentions.has(local) && isRelative(link.specifier))
          need(resolved(from.path, link.specifier), name);
    for (const specifier of one.imports)
      if (isRelative(specifier)) need(resolved(from.path, specifier), '*');
  };
  const take = (path: string, name: string) =>
    void taken.set(path, (taken.get(path) ?? new Set()).add(name));
  const declaredIn = (path: string, name: string): Declared | undefined => {
    const from = module(path);
    if (from.statements.some(({ declares }) => declares.includes(name))) return { path, name };
    for (const { specifier, taken } of from.exports)
      for (const one of taken) {
        if (!isRelative(specifier) || (one.local !== name && one.name !== '*')) continue;
        const found = declaredIn(resolved(path, specifier), one.name === '*' ? name : one.name);
        if (found) return found;
      }
    return undefined;
  };
  const need = (path: string, name: string): void => {
    if (seen.has(`${path} ${name}`)) return;
    seen.add(`${path} ${name}`);
    const from = module(path);
    const found = name === '*' ? undefined : declaredIn(path, name);
    // A name that no module here declares comes from a package that this module re-exports.
    if (!found) {
      enter(from);
      take(path, '*');
      for (const one of from.statements) keep(from, one);
      for (const { specifier, taken } of from.exports)
        for (const one of taken)
          if (isRelative(specifier)) need(resolved(path, specifier), one.name);
      return;
    }
    const owner = module(found.path);
    for (const one of owner.statements) if (one.declares.includes(found.name)) keep(owner, one);
  };
  for (const [path, names] of entries) {
    enter(module(path));
    for (const name of names) {
      take(path, name);
      need(path, name);
    }
  }
  return {
    modules: new Map([...modules].filter(([path]) => entered.has(path))),
    statements,
    taken,
    declaredIn,
    isType: ({ path, name }) =>
      module(path).statements.some((one) => one.declares.includes(name) && one.isType),
  };
}
