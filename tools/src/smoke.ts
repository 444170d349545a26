import { setTimeout as sleep } from 'node:timers/promises';
import { resolveCredentials } from 'fc-kit/credentials';
import { AppError } from 'fc-kit/handler';
import { ROOT } from './build.ts';
import { options, run, UsageError, wholeNumber } from './cli.ts';
import { requireEnvironment } from './environments.ts';
import { findDeployed, SmokeError } from './smoke/deployed.ts';
import { smoke } from './smoke/run.ts';

const HELP = `Usage: npm run smoke -- [options]

Sends one order through the deployed functions and follows it to its object, with the credential
that npm run credentials -- explain --service oss names. It needs oss:GetObject on orders/*.

  --env NAME            the environment of env.yaml that was deployed
  --url URL             address of topic-publisher; default: as s info says
  --bucket NAME         default: as s info says
  --region NAME         default: as s info says
  --timeout SECONDS     how long the object may take (150)
  --help                print this and exit

Against the local cloud: eval "$(npm run -s local -- --env)", then --url, --bucket and --region.
Exit code: 0 when the object is the order that was sent, else 1.
`;

async function main(): Promise<void> {
  const given = options({
    env: { type: 'string' },
    url: { type: 'string' },
    bucket: { type: 'string' },
    region: { type: 'string' },
    timeout: { type: 'string', default: '150' },
    help: { type: 'boolean', default: false },
  });
  if (given.help) return void process.stdout.write(HELP);
  const patience = 1000 * wholeNumber('timeout', given.timeout, 1, 3600);
  if (given.env !== undefined) requireEnvironment(ROOT, given.env);
  if (given.url !== undefined && !/^https?:/.test(URL.canParse(given.url) ? given.url : ''))
    throw new UsageError(`--url is "${given.url}"; give an address that begins with https://`);

  try {
    const credentials = resolveCredentials('oss');
    const { url, bucket, region } = given;
    const deployed = await findDeployed(
      ROOT,
      { ...(url && { url }), ...(bucket && { bucket }), ...(region && { region }) },
      given.env,
    );
    // From outside of the cloud its internal addresses are out of reach.
    const env = { NETWORK: 'public', ...process.env };
    const wait = async (ms: number) => void (await sleep(ms));
    await smoke({ ...deployed, credentials, patience, env, say: console.log, wait });
    console.log('ok');
  } catch (error) {
    if (!(error instanceof SmokeError || error instanceof AppError)) throw error;
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  }
}

run(main);
