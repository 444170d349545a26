import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './catalog.ts';

/** One package of a lockfile. */
interface Locked {
  /** Set for a package that is a folder of the repository. */
  link?: boolean;
  resolved?: string;
}

/** Packages by their places, such as `node_modules/vite`, as npm's lockfiles have them. */
export type TestedVersions = Record<string, Locked>;

/** Those of the repository at the time of packing, beside the code of a package. */
const PACKED = new URL('./tested-versions.json', import.meta.url);

/** Returns the versions of packages with which the templates were tested. */
export function readTestedVersions(): TestedVersions {
  const root = checkout();
  return root ? testedVersionsOf(root) : JSON.parse(readFileSync(PACKED, 'utf8'));
}

/** Returns the packages that the lockfile of the repository at `root` names, but not its own. */
export function testedVersionsOf(root: string): TestedVersions {
  const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const { packages }: { packages: TestedVersions } = JSON.parse(lockfile);
  return Object.fromEntries(
    Object.entries(packages).filter(([path, one]) => path.startsWith('node_modules/') && !one.link),
  );
}

/**
 * Returns a lockfile from which npm takes what the project needs: the tested versions, where its package.json
 * allows them.
 */
export function lockfileOf(name: string, packages: TestedVersions): string {
  const lockfile = {
    name,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name }, ...packages },
  };
  return `${JSON.stringify(lockfile, null, 2)}\n`;
}
