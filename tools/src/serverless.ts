import { createInterface } from 'node:readline/promises';
import { ROOT } from './build.ts';
import { commandLine, run, UsageError } from './cli.ts';
import { previewOf } from './preview.ts';
import { showS } from './s.ts';
import { requireAccess } from './serverless/access.ts';
import { askForBucket, checkBucket } from './serverless/bucket.ts';
import { onDeployed } from './serverless/run.ts';
import { readTarget, type Target } from './serverless/target.ts';

const HELP = `Usage: npm run preview  -- [options]
       npm run deploy   -- [options]
       npm run info     -- [function …] [options]
       npm run undeploy -- [function …] [options]

Looks at environment, names, region, key pair and bucket first, then has the deploy tool, s, do it.
APP_NAME, BUCKET_NAME and REGION in the environment or in .env change what is deployed.

preview     s.yaml with everything filled in; needs no account
deploy      builds, creates or updates the stack, then the functions; what has not changed is skipped
info        addresses and settings of what is deployed
undeploy    takes functions away; without names all of them, then the stack

  -e, --env NAME        an environment of env.yaml: testing, staging, production
  -a, --access ALIAS    another key pair than s.yaml or env.yaml names
  -y, --assume-yes      yes to what would be asked; without a terminal that is so anyway
      --debug           show what s does
      --help            print this and exit
`;

const OPTIONS = {
  env: { type: 'string', short: 'e' },
  access: { type: 'string', short: 'a' },
  'assume-yes': { type: 'boolean', short: 'y', default: false },
  debug: { type: 'boolean', default: false },
} as const;

const COMMANDS = ['preview', 'deploy', 'info', 'undeploy'] as const;

async function main(): Promise<void> {
  const [first = '', ...args] = process.argv.slice(2);
  if (first === '--help' || args.includes('--help')) return void process.stdout.write(HELP);
  const command = COMMANDS.find((name) => name === first);
  if (!command) throw new UsageError(`"${first}" is no command; give ${COMMANDS.join(', ')}`);
  // Strictly: s passes over options that it does not know, a misspelt --env too.
  const { values: given, positionals: names } = commandLine(OPTIONS, args);
  if (names.length > 0 && (command === 'preview' || command === 'deploy'))
    throw new UsageError(
      `"${names[0]}": ${command} takes no names, it does all functions together`,
    );

  const target = await readTarget(ROOT, given.env, process.env);
  const access = given.access ?? target.access;
  // Without a terminal to ask in, s deploys nothing where the cloud has drifted, and exits with 0.
  const yes = given['assume-yes'] || !process.stdin.isTTY;
  const debug = given.debug ? ['--debug'] : [];
  const more = [...(yes ? ['-y'] : []), ...debug];
  const environment = given.env === undefined ? [] : ['--env', given.env];
  if (command === 'preview') {
    process.exitCode = await showS(ROOT, [
      'preview',
      given.debug ? '--debug' : '--silent',
      ...environment,
    ]);
    return;
  }

  requireAccess(access, target.env);
  if (command === 'deploy') {
    await lookAtBucket(target, yes);
    process.exitCode = await showS(ROOT, ['deploy', ...environment, '--access', access, ...more]);
    return;
  }
  process.exitCode = await onDeployed(ROOT, command === 'info' ? 'info' : 'remove', {
    preview: await previewOf(ROOT, given.env),
    access,
    names,
    args: command === 'info' ? debug : more,
  });
}

async function lookAtBucket({ bucket, region }: Target, yes: boolean): Promise<void> {
  if (!bucket) return;
  const state = await askForBucket(bucket, region);
  const warn = (text: string) => console.error(`warning: ${text}`);
  await checkBucket({ bucket, region, state }, { warn, ...(!yes && { confirm }) });
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (y/N) `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

run(main);
