import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { wholeNumber } from '../command-line/values.ts';

interface Options {
  env?: string;
  url?: string;
  bucket?: string;
  region?: string;
  timeout: number;
}

/** Follows one order through what is deployed. */
export function defineSmoke(command: Command, session: Session): void {
  command
    .summary('send one order through the deployed functions')
    .description(
      `Sends one order through the deployed functions topic-publisher and queue-consumer and follows it to
its object, with the credential that fc-templates credentials explain --service oss names. It needs
oss:GetObject on orders/*.`,
    )
    .option('--env <name>', 'the environment of env.yaml that was deployed')
    .option('--url <url>', 'address of topic-publisher; without it, what s info says')
    .option('--bucket <name>', 'bucket of the objects; without it, what s info says')
    .option('--region <id>', 'region of the bucket; without it, what s info says')
    .option(
      '--timeout <seconds>',
      'how long the object may take, 1 to 3600',
      wholeNumber('--timeout', 1, 3600),
      150,
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

  const credentials = resolveCredentials('oss', { env });
  const known = { ...(url && { url }), ...(bucket && { bucket }), ...(region && { region }) };
  const deployed = await findDeployed(project, known, options.env, env);
  await smokeTest({
    ...deployed,
    credentials,
    patience: 1000 * options.timeout,
    // From outside of the cloud its internal addresses are out of reach.
    env: { NETWORK: 'public', ...env },
    say: (line) => print(session, line),
    wait: (ms) => sleep(ms),
  });
  print(session, 'ok');
}
