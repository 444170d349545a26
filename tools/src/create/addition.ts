import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from 'fc-local/project';
import { UsageError } from '../command-line/usage-error.ts';
import { added } from '../parts/add.ts';
import { type Change, changesOf } from '../parts/changes.ts';
import { catalogAs } from '../parts/copy.ts';
import { type Files, readFiles } from '../parts/files.ts';
import { readStack } from '../parts/stack.ts';
import { readCatalog } from '../templates/catalog.ts';
import { appNameFrom } from './app-name.ts';
import { readJson } from './json-file.ts';
import { MANIFEST_FILE, type Manifest, manifestIn, withNeeds } from './manifest.ts';
import { withSharedFollowing } from './own-shared/project.ts';
import { withAppName } from './project-files.ts';
import { misfits } from './suitability.ts';
import { registrySources, vendorSources } from './vendor.ts';
import { VITEST_CONFIG } from './vitest-config.ts';

export interface Addition {
  changes: Change[];
  /** What could not be done and what does not fit, in whole sentences. */
  notes: string[];
  /** Whether the packages have to be packed into vendor/. */
  needsVendor: boolean;
  needsInstall: boolean;
}

/**
 * Plans what `add` would do in the project at `root`; writes nothing. Throws UsageError for a template that
 * does not exist and for an invalid name.
 */
export async function planAddition(
  root: string,
  from: string,
  name: string,
  fromRegistry: boolean,
): Promise<Addition> {
  const files = readFiles(root);
  const notes = misfits(files);
  const theirs = readStack(files).serverless.scalar(['name']) ?? '';
  const catalog = withAppName(readCatalog(), appNameFrom(theirs));
  const known = readStack(catalog).functions;
  if (!known.includes(from)) {
    const meant = nearest(from, known);
    throw new UsageError(
      `there is no template "${from}"; ${meant ? `did you mean ${meant}?` : `give ${known.join(', ')}`}`,
    );
  }
  const source = name === from ? catalog : catalogAs(catalog, from, name);
  refuseTaken(files, source, name);
  const { files: wanted, differing } = added(files, source, name);
  const out = new Map(wanted);
  const inRepository = isWorkspace(files);
  const sources = await (fromRegistry ? registrySources() : vendorSources());
  const manifest = files.get('package.json') ?? '{}';
  const ours = manifestIn(catalog);
  const needs = inRepository ? manifest : withNeeds(manifest, ours, sources);
  out.set('package.json', needs);
  if (![...files.keys()].some((path) => /^vite(st)?\.config\./.test(path)))
    out.set('vitest.config.ts', VITEST_CONFIG);
  const followed = withSharedFollowing(files, out);
  for (const path of [...differing, ...followed.differing])
    notes.push(
      `${path} is there with another content and stays as it is; compare it with the template's.`,
    );
  notes.push(...differingImports(needs));
  const isVendored = needs !== manifest && needs.includes('"file:vendor/fc-');
  return {
    changes: changesOf(files, followed.files).filter(({ path }) => !isOnDisk(root, path, files)),
    notes,
    needsVendor: isVendored && !fromRegistry && !manifest.includes('"file:vendor/fc-'),
    needsInstall: needs !== manifest,
  };
}

/** Whether a file exists that is not among those that were read. */
function isOnDisk(root: string, path: string, files: Files): boolean {
  return (
    !files.has(path) &&
    existsSync(join(root, path)) &&
    readFileSync(join(root, path), 'utf8') !== ''
  );
}

/** Throws UsageError if another function of that name exists. */
function refuseTaken(files: Files, source: Files, name: string): void {
  const handler = `functions/${name}/index.ts`;
  const stack = readStack(files);
  const present = files.get(handler);
  if (stack.functions.includes(name) && present === undefined)
    throw new UsageError(`s.yaml has "${name}" already; give another name with --as`);
  if (present !== undefined && !stack.functions.includes(name) && present !== source.get(handler))
    throw new UsageError(`${handler} is there already; give another name with --as`);
  if (stack.serverless.has(['resources', name]) && !stack.functions.includes(name))
    throw new UsageError(`"${name}" in s.yaml is there already; give another name with --as`);
}

/** Whether this is the repository of the packages itself, which has them as workspaces. */
function isWorkspace(files: Files): boolean {
  const { workspaces } = manifestIn(files);
  return Array.isArray(workspaces) && workspaces.includes('tools');
}

function differingImports(manifest: string): string[] {
  const { imports } = readJson<Manifest>(MANIFEST_FILE, manifest);
  const shared = imports?.['#shared/*'];
  if (shared === undefined || shared === 'fc-kit/*' || String(shared).includes('shared/src'))
    return [];
  return [
    `"#shared/*" in package.json leads to ${JSON.stringify(shared)}; the handler needs "fc-kit/*".`,
  ];
}
