import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Files } from '../../parts/files.ts';
import { joinedFiles } from './joined.ts';
import { readModule } from './module.ts';
import { isRelative, type Needed, neededOf } from './needed.ts';

const ENTRY = /^#shared\/(.+)$/;
const FOLDER = 'shared/';

/** A project's own copy of what it imports from fc-kit. */
export interface OwnShared {
  /** Files by their paths from the project's root. */
  files: Files;
  /** Packages that it needs, by name and version. */
  dependencies: Record<string, string>;
}

/** Returns what a project's modules import from fc-kit, as sources: exactly the statements that they need. */
export function ownShared(files: Files): OwnShared {
  const kit = dirname(createRequire(import.meta.url).resolve('fc-kit/package.json'));
  const read = (path: string) => readFileSync(join(kit, path), 'utf8');
  const needed = neededOf(entriesIn(files), read);
  const specifiers = packagesOf(needed);
  const copied = [...joinedFiles(needed)];
  for (const path of declarationsIn(kit))
    if (
      [...read(path).matchAll(/^declare module '([^']+)'/gm)].some(([, name]) =>
        specifiers.has(name ?? ''),
      )
    )
      copied.push([path, read(path)]);
  return {
    files: new Map(copied.map(([path, text]) => [FOLDER + path, text])),
    dependencies: versionsOf(specifiers, read('package.json')),
  };
}

/** Returns the entries of fc-kit that are imported, with the names imported from each. */
function entriesIn(files: Files): Map<string, Set<string>> {
  const entries = new Map<string, Set<string>>();
  for (const [path, text] of files) {
    if (!path.endsWith('.ts') || path.startsWith(FOLDER)) continue;
    const { imports, exports, statements } = readModule(path, text);
    const links = [...imports, ...exports].map(({ specifier, taken }) => ({
      specifier,
      names: taken.map(({ name }) => name),
    }));
    const loaded = statements.flatMap((one) =>
      one.imports.map((specifier) => ({ specifier, names: ['*'] })),
    );
    for (const { specifier, names } of [...links, ...loaded]) {
      const [, entry] = ENTRY.exec(specifier) ?? [];
      if (!entry) continue;
      const index = `src/${entry}/index.ts`;
      entries.set(index, new Set([...(entries.get(index) ?? []), ...names]));
    }
  }
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function packagesOf({ modules, statements }: Needed): Set<string> {
  const links = [...modules.values()].flatMap((module) => {
    const kept = module.statements.filter((one) => statements.has(one));
    const isUsed = (local: string) => kept.some(({ mentions }) => mentions.has(local));
    const imported = module.imports.filter(
      ({ taken }) => taken.length === 0 || taken.some(({ local }) => isUsed(local)),
    );
    return [
      ...[...imported, ...module.exports].map(({ specifier }) => specifier),
      ...kept.flatMap(({ imports }) => imports),
    ];
  });
  return new Set(links.filter((one) => !isRelative(one) && !one.startsWith('node:')));
}

/** Lists the declarations of packages that have none; nothing imports them. */
function declarationsIn(kit: string): string[] {
  return readdirSync(join(kit, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.d.ts'))
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .sort();
}

function versionsOf(specifiers: Iterable<string>, manifest: string): Record<string, string> {
  const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(manifest);
  const names = [...specifiers].map((one) => /^(?:@[^/]+\/)?[^/]+/.exec(one)?.[0] ?? one);
  const types = names.map((name) => `@types/${name.replace('@', '').replace('/', '__')}`);
  const used = [...new Set([...names, ...types])].filter((name) => dependencies[name]).sort();
  return Object.fromEntries(used.map((name) => [name, dependencies[name] ?? '']));
}
