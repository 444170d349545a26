import type { Command } from 'commander';
import type { CredentialsProvider } from 'fc-kit/credentials';
import { hasCode } from 'fc-kit/handler';
import { patienceOf, print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { wholeNumber } from '../command-line/values.ts';
import { environmentOption } from '../deploy/options.ts';

interface Options {
  env?: string;
  access?: string;
  url?: string;
  bucket?: string;
  region?: string;
  timeout: number;
  signed?: boolean;
}

/** Defines `smoke`: follows one order through what is deployed. */
export function defineSmoke(command: Command, session: Session): void {
  environmentOption(command)
    .summary('send one order through the deployed functions')
    .description(
      `Sends one order through the deployed functions topic-publisher and queue-consumer and follows it to
its object. The request is signed where the HTTP trigger wants that, with the credential that deploys;
the object is read with the one that fc-templates credentials explain --service oss names, and where
there is none with the one that deploys. It needs oss:GetObject on orders/* and oss:ListObjects.`,
    )
    .option('--access <alias>', 'the credential that asks Function Compute and signs')
    .option('--url <url>', 'address of topic-publisher; without it, the one that FC names')
    .option('--bucket <name>', "bucket of the objects; without it, the deployed function's")
    .option('--region <id>', 'region of the bucket; without it, that of the deployment')
    .option('--signed', 'sign the request also where all addresses are given')
    .addOption(
      wholeNumber('--timeout <seconds>', 'how long the object may take', [1, 3600]).default(150),
    )
    .addHelpText(
      'after',
      `
Against a local cloud: eval "$(npx fc-local env)", then give --url, --bucket and --region.
Exit code: 0 when the object is the order that was sent, else 1.`,
    )
    .action((options: Options) => smoke(options, session));
}

async function smoke(options: Options, session: Session): Promise<void> {
  const [{ requireEnvironment }, { resolveCredentials }, { findDeployed }, { smokeTest }] =
    await Promise.all([
      import('../project/environments.ts'),
      import('fc-kit/credentials'),
      import('../smoke/deployed.ts'),
      import('../smoke/smoke-test.ts'),
    ]);
  const { project, env } = session;
  const { url, bucket, region } = options;
  if (options.env !== undefined) requireEnvironment(project, options.env);
  if (url !== undefined && !/^https?:/.test(URL.canParse(url) ? url : ''))
    throw new UsageError(`--url is "${url}"; give an address that begins with https://`);

  const known = { ...(url && { url }), ...(bucket && { bucket }), ...(region && { region }) };
  const reader = () => resolveCredentials('oss', { env });
  // Checked before any request: with all addresses given no other credential is used.
  if (url && bucket && region) reader();
  const deployed = await findDeployed(known, options, session);
  const credentials = orElse(reader, deployed.signer ?? deployed.credentials);
  await smokeTest({
    ...deployed,
    signer: options.signed ? (deployed.signer ?? credentials) : deployed.signer,
    credentials,
    patience: 1000 * options.timeout,
    // Outside the cloud its internal addresses cannot be reached.
    env: { NETWORK: 'public', ...env },
    say: (line) => print(session, line),
    wait: patienceOf(session).wait,
  });
  print(session, 'ok');
}

function orElse(
  resolve: () => CredentialsProvider,
  other: CredentialsProvider | undefined,
): CredentialsProvider {
  try {
    return resolve();
  } catch (error) {
    if (other && hasCode(error, 'NoCredentials')) return other;
    throw error;
  }
}
