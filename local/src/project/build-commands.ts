import type { Tree } from './yaml-tree.ts';

/** The commands that a resource's `actions` run before its deployment, which build its code; what else is under `actions` is left alone. */
export function buildCommands(actions: Tree | undefined): string[] {
  const steps = entry(actions, 'pre-deploy');
  if (steps?.kind !== 'list') return [];
  return steps.items.flatMap((step) => {
    const run = entry(step, 'run');
    return run?.kind === 'scalar' && typeof run.value === 'string' ? [run.value] : [];
  });
}

function entry(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === 'map' ? tree.entries.get(key) : undefined;
}
