import { resolve } from 'node:path';
import type { Self } from './evaluate.ts';
import type { Warn } from './findings.ts';
import { invalidProject } from './invalid-project.ts';
import type { BuildStep } from './types.ts';
import type { Tree } from './yaml-tree.ts';

export interface ActionsOptions {
  /** Folder of s.yaml; paths of steps start there. */
  dir: string;
  self: Self | undefined;
  fill(tree: Tree, self: Self | undefined): Tree;
  warn: Warn;
}

/**
 * Reads the steps that `actions` runs before a deployment, in order. Warns of steps that are no
 * command lines; anything else under `actions` is ignored.
 */
export function readBuildSteps(actions: Tree | undefined, options: ActionsOptions): BuildStep[] {
  if (actions?.kind !== 'map') return [];
  return [...actions.entries]
    .filter(([hook]) => runsBeforeDeploy(hook))
    .flatMap(([, steps]) => (steps.kind === 'list' ? steps.items : []))
    .flatMap((step) => readStep(step, options) ?? []);
}

/** Returns whether a hook is `pre-deploy`, or a form such as `pre-${regex('deploy|local')}`. */
function runsBeforeDeploy(hook: string): boolean {
  if (hook === 'pre-deploy') return true;
  const pattern = /^pre-\$\{regex\((?:'([^']*)'|"([^"]*)")\)\}$/.exec(hook);
  if (!pattern) return false;
  try {
    return new RegExp(pattern[1] ?? pattern[2] ?? '').test('deploy');
  } catch {
    return false;
  }
}

function readStep(tree: Tree, { dir, self, fill, warn }: ActionsOptions): BuildStep | undefined {
  const step = tree.kind === 'map' ? tree.entries : undefined;
  const run = textOf(step?.get('run'));
  if (run) {
    const path = textOf(step?.get('path'));
    return { run: run.value, path: resolve(dir, path?.value ?? '.'), source: run.source };
  }
  for (const kind of ['plugin', 'component'])
    if (step?.has(kind))
      warn(tree.source, `the step of the ${kind} before a deployment is not run here`);
  return undefined;

  function textOf(value: Tree | undefined): { value: string; source: string } | undefined {
    const filled = value && fill(value, self);
    if (!filled) return undefined;
    if (filled.kind === 'scalar' && typeof filled.value === 'string')
      return { value: filled.value, source: filled.source };
    throw invalidProject(filled.source, 'a step before a deployment is no text', 'write one text');
  }
}
