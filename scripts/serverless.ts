import { createInterface } from 'node:readline/promises';
import { ROOT } from './build.ts';
import { options, run, UsageError } from './cli.ts';
import { showS } from './s.ts';
import { requireAccess } from './serverless/access.ts';
import { askForBucket, checkBucket } from './serverless/bucket.ts';
import { readTarget } from './serverless/target.ts';

const HELP = `Usage: npm run preview  -- [options]
       npm run deploy   -- [options]
       npm run undeploy -- [options]

Looks at environment, names, region, key pair and bucket, then runs s preview, s deploy or s remove.
APP_NAME, BUCKET_NAME and REGION in the environment or in .env change what is deployed.

  -e, --env NAME        an environment of env.yaml: testing, staging, production
  -a, --access ALIAS    another key pair than s.yaml or env.yaml names
  -y, --assume-yes      yes to what would be asked; without a terminal that is so anyway
      --debug           show what s does
      --help            print this and exit

One function, or what else s can do: npx s <function> deploy, npx s --help.
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
  // Strictly: s passes over options that it does not know, a misspelt --env too.
  const given = options(
    {
      env: { type: 'string', short: 'e' },
      access: { type: 'string', short: 'a' },
      'assume-yes': { type: 'boolean', short: 'y', default: false },
      debug: { type: 'boolean', default: false },
    },
    args,
  );

  const target = await readTarget(ROOT, given.env, process.env);
  // Without a terminal to ask in, s deploys nothing where the cloud has drifted, and exits with 0.
  const yes = given['assume-yes'] || !process.stdin.isTTY;
  if (command !== 'preview') requireAccess(given.access ?? target.access, target.env);
  if (command === 'deploy' && target.bucket) {
    const { bucket, region } = target;
    const state = await askForBucket(bucket, region);
    const warn = (text: string) => console.error(`warning: ${text}`);
    await checkBucket({ bucket, region, state }, { warn, ...(!yes && { confirm }) });
  }

  process.exitCode = await showS(ROOT, [
    ...known,
    ...(given.env === undefined ? [] : ['--env', given.env]),
    ...(given.access === undefined ? [] : ['--access', given.access]),
    ...(yes && command !== 'preview' ? ['-y'] : []),
    ...(given.debug ? ['--debug'] : []),
  ]);
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (y/N) `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

run(main);
