import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packAll, type Tarballs } from './packages.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    tarballs: Tarballs;
  }
}

/** Packs the packages before the long tests: another of them packs too, and both would build in the same folders. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'tarballs-'));
  project.provide('tarballs', await packAll(join(import.meta.dirname, '../../..'), folder));
  return () => rm(folder, { recursive: true, force: true });
}
