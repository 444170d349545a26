import { LocalCloudError } from 'fc-local/project';
import { complaintIn, jsonIn } from './output.ts';
import { LIMITS, runDeployTool } from './run-deploy-tool.ts';

/** A resource of s.yaml with everything filled in but what only a deployment knows. */
export interface PreviewedResource {
  component: string;
  props: Record<string, unknown>;
  /** By hook, `pre-deploy`: what the tool runs then. */
  actions?: Record<string, { run?: string; path?: string }[]>;
  access?: string;
}

/** What the deploy tool makes of s.yaml. */
export interface Preview {
  resources: Record<string, PreviewedResource>;
}

/** s.yaml with everything filled in, alone or in an environment of env.yaml; needs no account. Throws LocalCloudError with what the deploy tool says. */
export async function previewOf(
  root: string,
  environment: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Preview> {
  const chosen = environment === undefined ? [] : ['--env', environment];
  const args = ['preview', '--silent', '-o', 'json', ...chosen];
  // With it the tool does not look for an update of itself.
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

/** The name of a component without its version: `fc3` of `fc3@0.1.22`. */
export function componentName({ component }: Pick<PreviewedResource, 'component'>): string {
  return component.split('@')[0] ?? component;
}

/** The functions of a preview, by key. */
export function functionsIn(preview: Preview): Record<string, PreviewedResource> {
  return resourcesOf(preview, 'fc3');
}

/** The stacks of a preview, by key. */
export function stacksIn(preview: Preview): Record<string, PreviewedResource> {
  return resourcesOf(preview, 'ros');
}

function resourcesOf({ resources }: Preview, name: string): Record<string, PreviewedResource> {
  return Object.fromEntries(
    Object.entries(resources).filter(([, one]) => componentName(one) === name),
  );
}
