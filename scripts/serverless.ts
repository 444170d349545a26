import { LocalCloudError } from '#local/errors';
import { ROOT } from './build.ts';
import { run, UsageError } from './cli.ts';
import { showS } from './s.ts';
import { askForBucket, readTarget, requireAccess } from './serverless/preflight.ts';

const HELP = `Usage: npm run preview  -- [--env NAME]
       npm run deploy   -- [--env NAME]
       npm run undeploy -- [--env NAME]

Looks at environment, names, region, key pair and bucket, then runs s preview, s deploy or s remove
with what is given. APP_NAME, BUCKET_NAME and REGION in the environment change what is deployed.

  --env NAME            an environment of env.yaml: testing, staging, production
  --help                print this and exit
`;

const COMMANDS: Record<string, readonly string[]> = {
  preview: ['preview', '--silent'],
  deploy: ['deploy'],
  undeploy: ['remove'],
};

async function main(): Promise<void> {
  const [command = '', ...args] = process.argv.slice(2);
  if (command === '--help' || args.includes('--help')) return void process.stdout.write(HELP);
  const known = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!known) throw new UsageError(`"${command}" is no command; give preview, deploy or undeploy`);

  const { access, region, bucket } = await readTarget(ROOT, environmentIn(args), process.env);
  if (command !== 'preview') requireAccess(accessIn(args) ?? access, process.env);
  if (command === 'deploy' && bucket) await checkBucket(bucket, region);

  // Without a terminal to ask in, s deploys nothing where the cloud has drifted, and exits with 0.
  const yes = command === 'preview' || process.stdin.isTTY || args.includes('-y') ? [] : ['-y'];
  process.exitCode = await showS(ROOT, [...known, ...args, ...yes]);
}

/** The value of an option that s has too, `--env x` or `--env=x`. */
function optionIn(args: readonly string[], ...names: string[]): string | undefined {
  const index = args.findIndex((arg) =>
    names.some((name) => arg === name || arg.startsWith(`${name}=`)),
  );
  const arg = args[index];
  if (arg === undefined) return undefined;
  return arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : (args[index + 1] ?? '');
}

const environmentIn = (args: readonly string[]) => optionIn(args, '--env');
const accessIn = (args: readonly string[]) => optionIn(args, '-a', '--access');

async function checkBucket(bucket: string, region: string): Promise<void> {
  const state = await askForBucket(bucket, region);
  if (state === 'elsewhere')
    throw new LocalCloudError(
      'BucketElsewhere',
      `BUCKET_NAME is "${bucket}", which is in use in another region than ${region}`,
      'give another name, or leave it empty for <app>-<account>',
    );
  if (state === 'taken')
    console.error(
      `warning: there is a bucket "${bucket}" already; unless this stack made it, give another BUCKET_NAME`,
    );
}

run(main);
