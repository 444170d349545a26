import type { Files } from '../parts/files.ts';
import { editJson, readJson } from './json-file.ts';

export const MANIFEST_FILE = 'package.json';

/** Key in package.json of what `add` has brought there. */
export const ADDED = 'fc-templates';
export type Section = 'imports' | 'scripts' | 'dependencies' | 'devDependencies';

/** The part of a package.json that matters here. */
export interface Manifest {
  name?: string;
  type?: string;
  scripts?: Record<string, string>;
  imports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  overrides?: unknown;
  allowScripts?: unknown;
  workspaces?: unknown;
  /** What `add` has brought, so that `remove` of the last function takes exactly that back. */
  [ADDED]?: Partial<Record<Section, string[]>>;
  [key: string]: unknown;
}

/** How package.json names the packages a project depends on: `file:vendor/…` or a version. */
export type Sources = Record<'fc-kit' | 'fc-local' | 'fc-templates', string>;

export const IMPORTS = {
  '#functions/*': './functions/*/index.ts',
  '#shared/*': 'fc-kit/*',
  '#test/*': './test/*.ts',
};
export const OWN_SHARED = './shared/src/*/index.ts';

const SCRIPTS = {
  demo: 'fc-templates demo',
  start: 'fc-templates start',
  build: 'fc-templates build',
  check: 'fc-templates check',
  test: 'npm run types && npm run lint && npm run build && npm run check && vitest run',
  deploy: 'fc-templates deploy',
  types: 'tsc',
  lint: 'biome check --error-on-warnings',
  format: 'biome check --write',
};
const TOOLS = ['@biomejs/biome', '@serverless-devs/s', '@types/node', 'typescript', 'vitest'];
/** Scripts that a user's own project gets with its first function. */
export const FOR_A_FUNCTION = {
  build: SCRIPTS.build,
  check: SCRIPTS.check,
  start: SCRIPTS.start,
  test: 'npm run build && vitest run',
};
/** Packages that a user's own project needs for the function and its test. */
export const FOR_A_TEST = ['@types/node', 'typescript', 'vitest'];

/** Returns the package.json of a new project. `ours` is the catalog's, which has the versions of the tools. */
export function projectManifest(name: string, ours: Manifest, sources: Sources): string {
  const { 'fc-kit': kit, ...tools } = sources;
  const manifest: Manifest = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20' },
    imports: IMPORTS,
    scripts: SCRIPTS,
    dependencies: { 'fc-kit': kit },
    devDependencies: sorted({ ...versionsOf(ours, TOOLS), ...tools }),
    ...(ours.allowScripts !== undefined && { allowScripts: ours.allowScripts }),
    ...(ours.overrides !== undefined && { overrides: ours.overrides }),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Adds to a user's package.json what a function and its test need. Existing entries stay unchanged. */
export function withNeeds(text: string, ours: Manifest, sources: Sources): string {
  const { 'fc-kit': kit, ...tools } = sources;
  return editJson<Manifest>(MANIFEST_FILE, text, (theirs) => {
    const known = { ...theirs.dependencies, ...theirs.devDependencies };
    const missing = (wanted: Record<string, string>) =>
      Object.fromEntries(Object.entries(wanted).filter(([name]) => known[name] === undefined));
    // Existing entries keep their places; new ones come after them.
    const brought = { ...theirs[ADDED] };
    const add = (key: Section, more: object) => {
      const lacking = Object.entries(more).filter(([name]) => theirs[key]?.[name] === undefined);
      if (lacking.length === 0) return;
      const all = { ...theirs[key], ...Object.fromEntries(lacking) } as Record<string, string>;
      const wasSorted = key.endsWith('ependencies') && isSorted(Object.keys(theirs[key] ?? {}));
      theirs[key] = wasSorted ? sorted(all) : all;
      brought[key] = [...(brought[key] ?? []), ...lacking.map(([name]) => name)];
    };
    add('imports', IMPORTS);
    add('scripts', FOR_A_FUNCTION);
    const dependencies = missing({ 'fc-kit': kit });
    const devDependencies = missing({ ...versionsOf(ours, FOR_A_TEST), ...tools });
    add('dependencies', dependencies);
    add('devDependencies', devDependencies);
    return Object.keys(brought).length > 0 ? { ...theirs, [ADDED]: brought } : theirs;
  });
}

export function versionsOf(ours: Manifest, names: readonly string[]): Record<string, string> {
  const all = { ...ours.devDependencies, ...ours.dependencies };
  return Object.fromEntries(names.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
}

const isSorted = (names: readonly string[]) =>
  names.every((name, index) => index === 0 || String(names[index - 1]) < name);

export function sorted(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns the package.json among these files; an empty one if there is none. Throws CommandError for invalid JSON. */
export function manifestIn(files: Files): Manifest {
  return readJson<Manifest>(MANIFEST_FILE, files.get(MANIFEST_FILE) ?? '{}');
}
