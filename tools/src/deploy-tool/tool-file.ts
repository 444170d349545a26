import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { endWithThis } from '../child/run-child.ts';
import type { PreviewedResource } from './preview.ts';

/**
 * Prepares resources for the deploy tool's option -t: the file is elsewhere, so paths relative to s.yaml
 * (code, folders of actions) become absolute.
 */
export function toolFile(
  root: string,
  resources: Record<string, PreviewedResource>,
  access: string,
): Record<string, unknown> {
  const moved = Object.entries(resources).map(([key, { component, props, actions }]) => [
    key,
    {
      component,
      props: { ...props, ...(typeof props.code === 'string' && { code: at(root, props.code) }) },
      ...(actions && { actions: movedActions(root, actions) }),
    },
  ]);
  return { edition: '3.0.0', name: 'deployed', access, resources: Object.fromEntries(moved) };
}

function movedActions(root: string, actions: NonNullable<PreviewedResource['actions']>) {
  return Object.fromEntries(
    Object.entries(actions).map(([hook, steps]) => [
      hook,
      steps.map((step) => ('run' in step ? { ...step, path: at(root, step.path ?? '.') } : step)),
    ]),
  );
}

function at(root: string, path: string): string {
  return isAbsolute(path) ? path : resolve(root, path);
}

/** Writes resources to a file for the deploy tool, passes its path to `use`, and removes it afterwards. */
export async function withToolFile<T>(
  file: Record<string, unknown>,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'deployed-'));
  const path = join(folder, 's.yaml');
  // It may hold private values: it is removed even if a signal ends this process.
  const release = endWithThis(() => rmSync(folder, { recursive: true, force: true }));
  try {
    // JSON is YAML. The values filled in may be private: only this user may read them.
    await writeFile(path, JSON.stringify(file), { mode: 0o600 });
    return await use(path);
  } finally {
    release();
    await rm(folder, { recursive: true, force: true });
  }
}
