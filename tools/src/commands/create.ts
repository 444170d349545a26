import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { complain, print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';

interface Options {
  functions?: string;
  name?: string;
  region?: string;
  fromRegistry?: boolean;
  ownShared?: boolean;
  git?: boolean;
  dryRun?: boolean;
}

const REGION = 'cn-hangzhou';
const NAME = /^(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Defines `create`: makes a project from some of the templates. */
export function defineCreate(command: Command, session: Session): void {
  command
    .summary('make a project of the functions that you choose')
    .description(
      `Makes a project of the functions that you choose, with tests, s.yaml, ROS template and nothing of the
others. In a terminal it asks for what is not given. Then: npm ci && npm start.`,
    )
    .argument('<folder>', 'where to; it must not be there, or be empty')
    .option('--functions <names>', 'templates joined by commas, or all')
    .option('--name <name>', 'begins the name of all that is deployed; default: the folder')
    .option('--region <region>', `where it is deployed; default: ${REGION}`)
    .option('--from-registry', 'name the packages by their versions, and not as files in vendor/')
    .option(
      '--own-shared',
      "put fc-kit's sources that the functions need into shared/, to change them",
    )
    .option('--git', 'make a git repository with a first commit; in a terminal it asks')
    .option('--dry-run', 'list the files, write nothing')
    .action((folder: string, options: Options) => create(session, folder, options));
}

async function create(session: Session, folder: string, options: Options): Promise<void> {
  const [{ createProject, planProject, templateNames }, { appNameFrom }] = await Promise.all([
    import('../create/create.ts'),
    import('../create/app-name.ts'),
  ]);
  const root = resolve(session.cwd, folder);
  refuseTaken(root, folder);
  const known = templateNames();
  const asked = await answers(session, known, appNameFrom(basename(root)), options);
  const plan = await planProject({
    ...asked,
    fromRegistry: options.fromRegistry === true,
    ownShared: options.ownShared === true,
  });
  if (options.dryRun) {
    print(session, plan.listing);
    return;
  }
  await createProject(root, plan);
  const { initRepository, mayInit } = await import('../create/git.ts');
  if (await wantsGit(session, options, mayInit(root)))
    if (!initRepository(root))
      complain(session, 'git has no name and address of yours: commit when it has');
  const shown = relative(session.cwd, root) || root;
  print(session, `Created ${shown} with ${asked.functions.join(', ')} (${plan.files.size} files).`);
  const hasLock = existsSync(resolve(root, 'package-lock.json'));
  if (!hasLock) complain(session, 'npm could not make package-lock.json: npm install will');
  const install = hasLock ? 'npm ci' : 'npm install';
  print(session, `\nNext: cd ${typed(shown)} && ${install} && npm start`);
}

function refuseTaken(root: string, folder: string): void {
  const there = statSync(root, { throwIfNoEntry: false });
  if (there && !there.isDirectory())
    throw new UsageError(`${folder} is a file; give another folder`);
  if (there && readdirSync(root).length > 0)
    throw new UsageError(`${folder} is there and not empty; give another folder`);
}

/** Returns a path as it can be typed into a shell. */
function typed(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** Returns the values that were given or, in a terminal, answered, each validated. */
async function answers(
  { interactive }: Session,
  known: readonly string[],
  name: string,
  options: Options,
) {
  const { ask } = await import('../command-line/ask.ts');
  const value = async <Answer>(
    given: string | undefined,
    question: string,
    otherwise: string,
    read: (text: string) => Answer,
  ) => {
    if (given !== undefined || !interactive) return read(given ?? otherwise);
    return ask(question, otherwise, read);
  };
  if (!interactive && options.functions === undefined)
    throw new UsageError(`--functions is missing; give all, or some of ${known.join(', ')}`);
  return {
    functions: await value(options.functions, `Functions, of ${known.join(', ')}?`, 'all', (text) =>
      chosen(text, known),
    ),
    name: await value(options.name, 'Name of the app?', name, checkedName),
    region: await value(options.region, 'Region?', REGION, checkedRegion),
  };
}

function chosen(functions: string, known: readonly string[]): string[] {
  const wanted = functions.split(',').map((one) => one.trim());
  const unknown = wanted.find((one) => one !== 'all' && !known.includes(one));
  if (unknown !== undefined)
    throw new UsageError(`--functions has "${unknown}"; give all, or some of ${known.join(', ')}`);
  return known.filter((one) => wanted.includes('all') || wanted.includes(one));
}

function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new UsageError(
    `--name is "${name}"; give 2 to 32 lower-case letters and digits, parts joined by single hyphens, a letter first`,
  );
}

function checkedRegion(region: string): string {
  if (/^[a-z]{2,}-[a-z0-9-]+$/.test(region)) return region;
  throw new UsageError(`--region is "${region}"; give one such as ${REGION}`);
}

async function wantsGit(
  { interactive }: Session,
  { git }: Options,
  may: boolean,
): Promise<boolean> {
  if (!may) return false;
  if (git !== undefined || !interactive) return git === true;
  const { confirm } = await import('../deploy/confirm.ts');
  return confirm('Make a git repository with a first commit?');
}
