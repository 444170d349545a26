import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';

const DEFAULT_OUT = '.template';
/** What a template is made of besides the project's own files. */
const NEEDED = ['s.yaml', 'publish.yaml', 'README.md', 'CHANGELOG.md'];

/** Packs the project as an application template. */
export function definePackTemplate(command: Command, session: Session): void {
  command
    .summary('pack the project as an application template for s init')
    .description(
      `Packs the project as an application template for s init: publish.yaml, and under src/ the
project, with region, app name and access as parameters in s.yaml. s init moves the packed folder
away; to try it:

  fc-templates pack-template && npx s init --uri .template -d ../my-app`,
    )
    .option('--out <folder>', 'where to, from the project; emptied before', DEFAULT_OUT)
    .action(async ({ out: given }: { out: string }) => {
      const { project } = session;
      const out = resolve(project, given);
      checkOut(project, out, given);
      checkNeeded(project);
      const { packTemplate } = await import('../pack-template/pack-template.ts');
      await packTemplate(project, out);
      const inside = relative(project, out);
      print(
        session,
        `Packed ${inside}; to try it: npx s init --uri ${inside} -d <folder>, which moves it away`,
      );
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

function checkNeeded(project: string): void {
  const missing = NEEDED.filter((file) => !existsSync(join(project, file)));
  if (missing.length > 0)
    throw new UsageError(
      `there is no ${missing.join(', no ')} in ${project}; write what a template is made of`,
    );
}
