import type { Files } from '../parts/files.ts';
import { specifiersIn } from '../parts/imports.ts';
import { readStack } from '../parts/stack.ts';
import { editJson, readJson } from './json-file.ts';
import {
  ADDED,
  FOR_A_FUNCTION,
  FOR_A_TEST,
  IMPORTS,
  MANIFEST_FILE,
  type Manifest,
  type Section,
  versionsOf,
} from './manifest.ts';
import { PACKAGES } from './vendor.ts';
import { VITEST_CONFIG } from './vitest-config.ts';

const CONFIG_FILE = 'vitest.config.ts';
const HANDLER = /^functions\/[^/]+\/index\.ts$/;
const CODE = /\.[cm]?[jt]sx?$/;

/**
 * Removes from a project without functions what the first function brought for all of them: imports,
 * scripts and tools in package.json, each only if it is unchanged and unused elsewhere, and the test
 * configuration. If package.json records what `add` has brought, exactly that is removed, including the
 * packages of these commands; otherwise those packages stay, since a person may have installed them.
 */
export function withoutUnneeded(files: Files, ours: Manifest): Files {
  if ([...files.keys()].some((path) => HANDLER.test(path))) return files;
  const out = new Map(files);
  const hasTests = [...files.keys()].some((path) => /\.test\.[cm]?[jt]sx?$/.test(path));
  if (!hasTests && files.get(CONFIG_FILE) === VITEST_CONFIG) out.delete(CONFIG_FILE);
  const manifest = files.get(MANIFEST_FILE);
  if (manifest === undefined) return out;
  return out.set(
    MANIFEST_FILE,
    editJson<Manifest>(MANIFEST_FILE, manifest, (theirs) => {
      const record = theirs[ADDED];
      const brought = <Value>(key: Section, all: Record<string, Value>): Record<string, Value> =>
        record ? picked(all, record[key]) : all;
      const scripts = without(theirs.scripts, brought('scripts', FOR_A_FUNCTION));
      const imports = without(theirs.imports, brought('imports', IMPORTS), (name) =>
        isImported(out, name.replace('*', '')),
      );
      const commands = Object.values(scripts ?? {});
      // They come as files, and each needs the others: all of them stay, or none.
      const packagesBrought = [record?.dependencies, record?.devDependencies]
        .flatMap((names) => names ?? [])
        .filter(isPackage);
      const arePackagesUsed = packagesBrought.some((name) => isUsed(out, name, commands));
      const isNeeded = (name: string) =>
        isPackage(name) ? arePackagesUsed : isUsed(out, name, commands);
      const packages = (key: Section) =>
        record
          ? picked(
              { ...theirs.dependencies, ...theirs.devDependencies },
              record[key]?.filter(isPackage),
            )
          : {};
      const tools = brought('devDependencies', versionsOf(ours, FOR_A_TEST));
      return withSections(theirs, {
        imports,
        scripts,
        dependencies: without(theirs.dependencies, packages('dependencies'), isNeeded),
        devDependencies: without(
          theirs.devDependencies,
          { ...tools, ...packages('devDependencies') },
          isNeeded,
        ),
        [ADDED]: arePackagesUsed ? record : undefined,
      });
    }),
  );
}

const isPackage = (name: string) => PACKAGES.some((one) => one === name);

function picked<Value>(all: Record<string, Value>, names: readonly string[] = []) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** Returns the packages of these commands that package.json names although s.yaml has no function any more. */
export function packagesLeft(files: Files): string[] {
  if (readStack(files).functions.length > 0) return [];
  const { dependencies, devDependencies } = readJson<Manifest>(
    MANIFEST_FILE,
    files.get(MANIFEST_FILE) ?? '{}',
  );
  return PACKAGES.filter((name) => ({ ...dependencies, ...devDependencies })[name] !== undefined);
}

/** Returns a section without the entries that are unchanged and unused; undefined when none is left. */
function without<Value>(
  section: Record<string, Value> | undefined,
  brought: Record<string, unknown>,
  isUsed: (name: string) => boolean = () => false,
): Record<string, Value> | undefined {
  const left = Object.entries(section ?? {}).filter(
    ([name, value]) => value !== brought[name] || isUsed(name),
  );
  const isSame = left.length === Object.keys(section ?? {}).length;
  return isSame ? section : left.length > 0 ? Object.fromEntries(left) : undefined;
}

function withSections(manifest: Manifest, sections: Record<string, unknown>): Manifest {
  return Object.fromEntries(
    Object.entries(manifest).flatMap(([key, value]) => {
      if (!(key in sections)) return [[key, value]];
      return sections[key] === undefined ? [] : [[key, sections[key]]];
    }),
  );
}

function isImported(files: Files, beginning: string): boolean {
  return [...files].some(
    ([path, text]) =>
      CODE.test(path) && specifiersIn(text).some((one) => one.startsWith(beginning)),
  );
}

/** A project in TypeScript uses the compiler and its types, one with tests uses vitest. */
function isUsed(files: Files, name: string, scripts: readonly string[]): boolean {
  const command = name === 'typescript' ? 'tsc' : name;
  const serves = name === 'vitest' ? CONFIG_FILE : 'tsconfig.json';
  return (
    (!isPackage(name) && files.has(serves)) ||
    isImported(files, name) ||
    scripts.some((script) => new RegExp(`\\b${command}\\b`).test(script))
  );
}
