import { resolve } from 'node:path';
import type { Command } from 'commander';
import { realClock } from '../../clock.ts';
import { DEFAULTS } from '../../options.ts';
import { CommandError, UsageError } from '../errors.ts';
import { type Io, writeLine } from '../io.ts';
import {
  addConsoleOptions,
  askConsole,
  type ConsoleOptions,
  findConsole,
} from '../running-console.ts';

interface Given extends ConsoleOptions {
  declared?: true;
  project: string;
  sYaml?: string;
  env?: string;
  template?: string;
}

/** `fc-local map`: draws the account as a picture. */
export function addMap(program: Command, io: Io): void {
  const command = program
    .command('map')
    .description(
      'Print a picture (SVG) of the account: of the running cloud with its counts, or where none runs of s.yaml.',
    )
    .option('--declared', 'draw s.yaml and its template, whether or not a cloud runs')
    .option('--project <dir>', 'folder of s.yaml', '.')
    .option('--s-yaml <file>', 'the file that says what is deployed (default: s.yaml, else s.yml)')
    .option('--env <name>', 'an environment of env.yaml')
    .option('--template <file>', 'a ROS template, where s.yaml names none');
  addConsoleOptions(command, 's.yaml is drawn').action(async (given: Given) => {
    if (given.declared && given.console !== undefined)
      throw new UsageError('--declared draws s.yaml and --console a running cloud; give one');
    const url = given.declared ? undefined : await findConsole(io, given);
    io.stdout.write(url === undefined ? await drawDeclared(given, io) : await drawLive(url));
    writeLine(
      io.stderr,
      url === undefined
        ? 'drawn as s.yaml declares it, without counts'
        : `drawn as it is at ${url}`,
    );
  });
}

/** Draws it with links to the console that work wherever the file is. */
async function drawLive(url: string): Promise<string> {
  const response = await askConsole(url, '/map.svg');
  if (!response.headers.get('content-type')?.startsWith('image/svg+xml'))
    throw new CommandError(`${url} does not answer as a console does: give its address`);
  return (await response.text()).replaceAll('href="/', `href="${url}/`);
}

async function drawDeclared(given: Given, { cwd }: Io): Promise<string> {
  const [{ projectReader }, { declaredGraph }, { mapDocument }] = await Promise.all([
    import('../../start/project-reader.ts'),
    import('../../console/map/declared.ts'),
    import('../../console/map/svg.ts'),
  ]);
  const { accountId, region } = DEFAULTS;
  const { sYaml, env, template } = given;
  const options = {
    project: resolve(cwd, given.project),
    ...(sYaml !== undefined && { sYaml }),
    ...(env !== undefined && { env }),
    ...(template !== undefined && { template }),
  };
  const project = await projectReader(options, { accountId, region })?.read();
  if (!project) throw new CommandError('There is no project to draw');
  return mapDocument(
    declaredGraph(project, { clock: realClock, accountId }),
    `Map of ${project.name}`,
  );
}
