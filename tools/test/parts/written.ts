import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { changesOf, writeChanges } from '#src/parts/changes';
import type { Files } from '#src/parts/files';

/** Writes these files to a folder, removed after the test. */
export async function written(files: Files): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'project-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  writeChanges(root, changesOf(new Map(), files));
  return root;
}
