import type { Files } from '../parts/files.ts';
import { specifiersIn } from '../parts/imports.ts';
import { editJson } from './json-file.ts';
import {
  FOR_A_FUNCTION,
  FOR_A_TEST,
  IMPORTS,
  MANIFEST_FILE,
  type Manifest,
  versionsOf,
} from './manifest.ts';
import { VITEST_CONFIG } from './vitest-config.ts';

const CONFIG_FILE = 'vitest.config.ts';
const HANDLER = /^functions\/[^/]+\/index\.ts$/;
const CODE = /\.[cm]?[jt]sx?$/;

/**
 * A project whose last function was taken out, without what the first one brought for all of them: imports, scripts
 * and tools in package.json, each where it is as it was brought and nothing else uses it, and the configuration of
 * the tests. The packages of these commands stay: a person has installed them.
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
      const scripts = without(theirs.scripts, FOR_A_FUNCTION);
      const imports = without(theirs.imports, IMPORTS, (name) =>
        isImported(out, name.replace('*', '')),
      );
      const tools = versionsOf(ours, FOR_A_TEST);
      const devDependencies = without(theirs.devDependencies, tools, (name) =>
        isUsed(out, name, Object.values(scripts ?? {})),
      );
      return withSections(theirs, { imports, scripts, devDependencies });
    }),
  );
}

/** A section without the entries that are as they were brought and that nothing uses; undefined when none is left. */
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

/** The compiler and its types serve a project in TypeScript, vitest its tests. */
function isUsed(files: Files, name: string, scripts: readonly string[]): boolean {
  const command = name === 'typescript' ? 'tsc' : name;
  const serves = name === 'vitest' ? CONFIG_FILE : 'tsconfig.json';
  return (
    files.has(serves) ||
    isImported(files, name) ||
    scripts.some((script) => new RegExp(`\\b${command}\\b`).test(script))
  );
}
