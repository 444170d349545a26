import { LocalCloudError } from '../../local/src/errors.ts';
import { complaintIn, jsonIn, runS } from './s.ts';

/** What the deploy tool makes of s.yaml. */
export interface Preview {
  resources: Record<string, { component: string; props: Record<string, unknown> }>;
}

/** s.yaml with everything filled in, alone or in an environment of env.yaml; needs no account. Throws LocalCloudError with what the deploy tool says. */
export async function previewOf(
  root: string,
  environment?: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Preview> {
  const args = [
    'preview',
    '--silent',
    '-o',
    'json',
    ...(environment ? ['--env', environment] : []),
  ];
  // With it the tool does not look for an update of itself.
  const ran = await runS(root, args, { ...env, NODE_ENV: 'test' });
  const preview = jsonIn(ran.stdout) as Preview | undefined;
  if (preview) return preview;
  throw new LocalCloudError(
    'PreviewFails',
    `s ${args.join(' ')} fails (${complaintIn(ran)})`,
    'mend s.yaml or env.yaml there; npm run preview shows it whole',
  );
}
