import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { changesOf, formatChanges, writeChanges } from '../parts/changes.ts';
import type { Files } from '../parts/files.ts';
import { readCatalog } from '../templates/catalog.ts';
import { lockfileOf, readTestedVersions } from '../templates/tested-versions.ts';
import { withOwnShared } from './own-shared/project.ts';
import { templateNames as namesIn, projectFiles } from './project-files.ts';
import { npm, packVendor, registrySources, vendorSources } from './vendor.ts';

export interface NewProject {
  files: Files;
  /** Whether the packages go into its folder vendor. */
  vendored: boolean;
  /** All files, one on each line. */
  listing: string;
}

/** Returns the functions that can be chosen. */
export function templateNames(): string[] {
  return namesIn(readCatalog());
}

/** Plans the files of a project of these functions; writes nothing. */
export async function planProject(options: {
  name: string;
  region: string;
  functions: readonly string[];
  fromRegistry: boolean;
  ownShared: boolean;
}): Promise<NewProject> {
  const { fromRegistry, ownShared, ...chosen } = options;
  const sources = await (fromRegistry ? registrySources() : vendorSources());
  const made = projectFiles(readCatalog(), { ...chosen, sources });
  const files = ownShared ? withOwnShared(made) : made;
  return {
    files,
    vendored: !fromRegistry,
    listing: formatChanges(changesOf(new Map(), files), true),
  };
}

/**
 * Writes a project into an empty folder, packs the packages it depends on, and has npm write its lockfile,
 * if npm can, with the versions with which the templates were tested. If writing or packing fails, removes
 * what was written.
 */
export async function createProject(root: string, { files, vendored }: NewProject): Promise<void> {
  const made = mkdirSync(root, { recursive: true });
  try {
    writeChanges(root, changesOf(new Map(), files));
    if (vendored) await packVendor(root);
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    else for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
    throw error;
  }
  const lockfile = join(root, 'package-lock.json');
  writeFileSync(lockfile, lockfileOf(basename(root), readTestedVersions()));
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  // Without a network there is no lockfile, and npm install works all the same.
  await npm(root, ['install', '--package-lock-only', ...quiet]).catch(() => rmSync(lockfile));
}
