import { LocalCloudError } from 'fc-local/project';
import { complaintIn, jsonIn } from './output.ts';
import { runDeployTool } from './run-deploy-tool.ts';

/** What the deploy tool makes of s.yaml. */
export interface Preview {
  resources: Record<string, { component: string; props: Record<string, unknown> }>;
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
  const ran = await runDeployTool(root, args, { ...env, NODE_ENV: 'test' });
  const preview = jsonIn(ran.stdout) as Preview | undefined;
  if (preview) return preview;
  throw new LocalCloudError(
    'PreviewFails',
    `s ${args.join(' ')} fails (${complaintIn(ran)})`,
    'correct s.yaml or env.yaml there; fc-templates preview shows it whole',
  );
}
