import { LocalCloudError } from 'fc-local/project';
import { complaintIn, jsonIn } from './output.ts';
import { LIMITS, runDeployTool } from './run-deploy-tool.ts';

/** A resource of s.yaml with everything filled in except what only a deployment knows. */
export interface PreviewedResource {
  component: string;
  props: Record<string, unknown>;
  /** What the tool runs, by hook, such as `pre-deploy`. */
  actions?: Record<string, { run?: string; path?: string }[]>;
  access?: string;
}

/** What the deploy tool makes of s.yaml. */
export interface Preview {
  resources: Record<string, PreviewedResource>;
}

/**
 * Returns s.yaml with everything filled in, alone or in an environment of env.yaml; needs no account.
 * Throws LocalCloudError with the deploy tool's message.
 */
export async function previewOf(
  root: string,
  environment: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Preview> {
  const chosen = environment === undefined ? [] : ['--env', environment];
  const args = ['preview', '--silent', '-o', 'json', ...chosen];
  // Keeps the tool from looking for an update of itself.
  const ran = await runDeployTool(root, 'preview', args, { env: { ...env, NODE_ENV: 'test' } });
  const preview = jsonIn(ran.stdout) as Preview | undefined;
  if (preview && !ran.late) return preview;
  throw new LocalCloudError(
    'PreviewFails',
    ran.late
      ? `s ${args.join(' ')} was ended: it was not done after ${LIMITS.preview / 60_000} minutes`
      : `s ${args.join(' ')} fails (${complaintIn(ran)})`,
    'correct s.yaml or env.yaml there; fc-templates preview shows it whole',
  );
}

/** Returns the name of a component without its version: `fc3` of `fc3@0.1.22`. */
export function componentName({ component }: Pick<PreviewedResource, 'component'>): string {
  return component.split('@')[0] ?? component;
}

/** Returns the functions of a preview, by key. */
export function functionsIn(preview: Preview): Record<string, PreviewedResource> {
  return resourcesOf(preview, 'fc3');
}

/** Returns the stacks of a preview, by key. */
export function stacksIn(preview: Preview): Record<string, PreviewedResource> {
  return resourcesOf(preview, 'ros');
}

function resourcesOf({ resources }: Preview, name: string): Record<string, PreviewedResource> {
  return Object.fromEntries(
    Object.entries(resources).filter(([, one]) => componentName(one) === name),
  );
}
