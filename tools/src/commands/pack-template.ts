import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';

const DEFAULT_OUT = '.template';

interface Options {
  out: string;
  fromRegistry?: boolean;
}

/** Defines `pack-template`: packs the templates for the deploy tool. */
export function definePackTemplate(command: Command, session: Session): void {
  command
    .summary('pack the functions as application templates for s init')
    .description(
      `Packs application templates for s init: a folder for each function and one with all, with the
project in src/, publish.yaml, and readmes in Chinese and English. It asks for region, app name and
access. s init moves the folder away; to try it, give it a copy:

  fc-templates pack-template && cp -r .template/queue-consumer /tmp/copy
  npx s init --uri /tmp/copy -d ../my-app`,
    )
    .option('--out <folder>', 'where to, from the project; emptied before', DEFAULT_OUT)
    .option('--from-registry', 'name the packages by their versions, and not as files in vendor/')
    .action(async ({ out: given, fromRegistry = false }: Options) => {
      const out = resolve(session.project, given);
      checkOut(session.project, out, given);
      const { packTemplates } = await import('../pack-template/pack-template.ts');
      const names = await packTemplates(out, fromRegistry);
      const inside = relative(session.project, out);
      print(session, `Packed ${names.join(', ')} into ${inside}`);
    });
}

function checkOut(project: string, out: string, given: string): void {
  const inside = relative(project, out);
  if (inside === '' || !(inside.startsWith('..') || inside.startsWith(DEFAULT_OUT)))
    throw new UsageError(
      `--out is "${given}"; give ${DEFAULT_OUT} or a folder outside of the project`,
    );
  if (!relative(out, project).startsWith('..'))
    throw new UsageError(`--out is "${given}", which holds the project; give another`);
}
