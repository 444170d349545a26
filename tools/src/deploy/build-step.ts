import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { PreviewedResource } from '../deploy-tool/preview.ts';

type Resources = Record<string, PreviewedResource>;

/**
 * Removes the builds of this package from what runs before a deployment, so that they run once for all:
 * `npx fc-templates build`, for the function that has it or with names; or `npm run build`, if
 * package.json's build is that. A command with options, one in another folder, and any other command stay.
 */
export function takeBuilds(
  root: string,
  resources: Resources,
): { names: string[]; left: Resources } {
  const ours = buildCommands(root);
  const names = new Set<string>();
  const left = Object.entries(resources).map(([key, resource]) => {
    const { actions, ...rest } = resource;
    if (actions === undefined) return [key, resource] as const;
    const isHere = (path = '.') => resolve(root, path) === resolve(root);
    const hooks = Object.entries(actions).map(([hook, steps]) => [
      hook,
      steps.filter((step) => {
        const built =
          hook === 'pre-deploy' && isHere(step.path)
            ? namesBuilt(step.run ?? '', ours, resource)
            : undefined;
        for (const name of built ?? []) names.add(name);
        return built === undefined;
      }),
    ]);
    const kept = hooks.filter(([, steps]) => (steps?.length ?? 0) > 0);
    return [key, kept.length > 0 ? { ...rest, actions: Object.fromEntries(kept) } : rest] as const;
  });
  return { names: [...names], left: Object.fromEntries(left) };
}

function buildCommands(root: string): string[] {
  const { scripts }: { scripts?: Record<string, string> } = packageOf(root);
  const byScript =
    scripts?.build === 'fc-templates build' ? ['npm run build --', 'npm run build'] : [];
  return ['npx fc-templates build', ...byScript];
}

function packageOf(root: string): { scripts?: Record<string, string> } {
  try {
    return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function namesBuilt(
  run: string,
  commands: readonly string[],
  { props }: PreviewedResource,
): string[] | undefined {
  const command = commands.find((one) => run === one || run.startsWith(`${one} `));
  if (command === undefined) return undefined;
  const names = run.slice(command.length).trim();
  const all = names === '' ? folderOf(props.code) : names.split(/\s+/);
  return all?.every((name) => /^[a-z0-9][\w-]*$/i.test(name)) ? all : undefined;
}

/** Returns the folder of `functions/` from which a bundle of `dist/`, which has its name, is built. */
function folderOf(code: unknown): string[] | undefined {
  return typeof code === 'string' && /^(\.\/)?dist\/[^/]+\/?$/.test(code)
    ? [basename(code)]
    : undefined;
}
