import type { Files } from '../../parts/files.ts';
import { specifiersIn } from '../../parts/imports.ts';
import { editJson } from '../json-file.ts';
import { MANIFEST_FILE, type Manifest, manifestIn, OWN_SHARED, sorted } from '../manifest.ts';
import { type OwnShared, ownShared } from './own-shared.ts';

/**
 * Returns the project with the sources it imports from fc-kit as its own, in shared/src, and their packages
 * as its dependencies.
 */
export function withOwnShared(files: Files): Files {
  const { files: shared, dependencies } = ownShared(files);
  const manifest = editJson<Manifest>(MANIFEST_FILE, files.get(MANIFEST_FILE) ?? '{}', (theirs) => {
    const { 'fc-kit': kit = '', ...rest } = theirs.dependencies ?? {};
    return {
      ...theirs,
      imports: { ...theirs.imports, '#shared/*': OWN_SHARED },
      dependencies: { ...rest, ...dependencies },
      // The commands of fc-templates need it.
      devDependencies: sorted({ ...theirs.devDependencies, 'fc-kit': kit }),
    };
  });
  return new Map([...files, ...shared, [MANIFEST_FILE, manifest]]);
}

/**
 * A project after a change, and the files of its own copy that the user has changed and that therefore stay
 * unchanged.
 */
export interface Followed {
  files: Files;
  differing: string[];
}

/** Returns a changed project with its own copy of fc-kit, if it has one, updated to what the functions need now. */
export function withSharedFollowing(before: Files, after: Files): Followed {
  if (!hasOwnShared(after)) return { files: after, differing: [] };
  const [was, wanted] = [ownShared(before), ownShared(after)];
  const files = new Map(after);
  const differing: string[] = [];
  for (const path of new Set([...was.files.keys(), ...wanted.files.keys()])) {
    const [present, text] = [before.get(path), wanted.files.get(path)];
    if (present === text) continue;
    if (present !== was.files.get(path)) differing.push(path);
    else if (text === undefined) files.delete(path);
    else files.set(path, text);
  }
  files.set(MANIFEST_FILE, withDependencies(files, was, wanted));
  return { files, differing };
}

/** Whether it has a copy as `create --own-shared` makes it; the repository of the packages differs. */
function hasOwnShared(files: Files): boolean {
  const { imports, workspaces } = manifestIn(files);
  return imports?.['#shared/*'] === OWN_SHARED && workspaces === undefined;
}

function withDependencies(files: Files, was: OwnShared, wanted: OwnShared): string {
  return editJson<Manifest>(MANIFEST_FILE, files.get(MANIFEST_FILE) ?? '{}', (theirs) => {
    const dependencies = { ...theirs.dependencies };
    for (const [name, version] of Object.entries(was.dependencies))
      if (!wanted.dependencies[name] && dependencies[name] === version && !imports(files, name))
        delete dependencies[name];
    const missing = Object.entries(wanted.dependencies).filter(([name]) => !dependencies[name]);
    if (missing.length === 0) return { ...theirs, dependencies };
    return { ...theirs, dependencies: sorted({ ...dependencies, ...Object.fromEntries(missing) }) };
  });
}

function imports(files: Files, name: string): boolean {
  return [...files].some(
    ([path, text]) =>
      /\.[cm]?[jt]sx?$/.test(path) &&
      specifiersIn(text).some((one) => one === name || one.startsWith(`${name}/`)),
  );
}
