import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import type { Files } from '../parts/files.ts';
import { specifiersIn } from '../parts/imports.ts';
import { editJson } from './json-file.ts';
import { type Manifest, OWN_SHARED } from './manifest.ts';

/** The project with the sources of fc-kit that it imports as its own, in shared/src, and their packages as its dependencies. */
export function withOwnShared(files: Files): Files {
  const kit = dirname(createRequire(import.meta.url).resolve('fc-kit/package.json'));
  const out = new Map(files);
  const packages = new Set<string>();
  const waiting = [...files.values()].flatMap(specifiersIn).flatMap((specifier) => {
    const [, entry] = /^#shared\/(.+)$/.exec(specifier) ?? [];
    return entry ? [`src/${entry}/index.ts`] : [];
  });
  const sources = new Set(waiting);
  for (const path of sources) {
    const text = readFileSync(join(kit, path), 'utf8');
    out.set(`shared/${path}`, text);
    for (const specifier of specifiersIn(text))
      if (specifier.startsWith('.'))
        sources.add(posix.normalize(posix.join(posix.dirname(path), specifier)));
      else if (!specifier.startsWith('node:')) packages.add(packageOf(specifier));
  }
  addDeclarations(out, kit, packages);
  const { dependencies = {} }: Manifest = JSON.parse(
    readFileSync(join(kit, 'package.json'), 'utf8'),
  );
  out.set(
    'package.json',
    editJson<Manifest>(files.get('package.json') ?? '{}', (manifest) => {
      const { 'fc-kit': own = '', ...rest } = manifest.dependencies ?? {};
      const types = [...packages].map(
        (name) => `@types/${name.replace('@', '').replace('/', '__')}`,
      );
      const used = [...packages, ...types]
        .filter((name) => dependencies[name] !== undefined)
        .sort();
      return {
        ...manifest,
        imports: { ...manifest.imports, '#shared/*': OWN_SHARED },
        dependencies: {
          ...rest,
          ...Object.fromEntries(used.map((name) => [name, dependencies[name] ?? ''])),
        },
        // The commands of fc-templates need it.
        devDependencies: { ...manifest.devDependencies, 'fc-kit': own },
      };
    }),
  );
  return out;
}

/** Declarations of packages that have none, which nothing imports. */
function addDeclarations(
  out: Map<string, string>,
  kit: string,
  packages: ReadonlySet<string>,
): void {
  const known = [
    ['@alicloud/mns', 'src/smq/alicloud-mns.d.ts'],
    ['@alicloud/fc2', 'src/fc/alicloud-fc2.d.ts'],
    ['hash-wasm', 'src/web-assembly.d.ts'],
  ] as const;
  for (const [name, path] of known)
    if (packages.has(name)) out.set(`shared/${path}`, readFileSync(join(kit, path), 'utf8'));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
