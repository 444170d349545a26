import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tarballs } from '../packed/packages.ts';

const NAMES = { kit: 'fc-kit', local: 'fc-local', tools: 'fc-templates' } as const;

/** Puts the packages, as others install them, in the place of a copy's links to their sources. */
export function usePackages(copy: string, tarballs: Tarballs): void {
  for (const [key, name] of Object.entries(NAMES)) {
    const folder = join(copy, 'node_modules', name);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const { path } = tarballs[key as keyof Tarballs];
    execFileSync('tar', ['-xzf', path, '-C', folder, '--strip-components=1']);
  }
}

/** Writes an `npx` to that folder that starts the command of an installed package, and does no more. */
export function writeNpx(folder: string): void {
  mkdirSync(folder);
  const script = '#!/bin/sh\nname=$1\nshift\nexec "./node_modules/.bin/$name" "$@"\n';
  writeFileSync(join(folder, 'npx'), script, { mode: 0o755 });
}
