import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Io, writeLine } from '../io.ts';

/**
 * `fc-local repair`: saves what is readable of a damaged data folder to a new one, and lists what
 * is not.
 */
export function addRepair(program: Command, io: Io): void {
  program
    .command('repair')
    .description(
      'Save what is readable of a damaged data folder into a new one, and list what is not.',
    )
    .option('--data <dir>', 'the damaged data folder, which is not changed', '.local')
    .option('--to <dir>', 'the new folder (default: the same name and "-repaired")')
    .action(async ({ data, to = `${data.replace(/[\\/]+$/, '')}-repaired` }: Given) => {
      const { repairDataFolder } = await import('../../repair/data-folder.ts');
      const { problems, saved } = await repairDataFolder(
        resolve(io.cwd, data),
        resolve(io.cwd, to),
      );
      for (const problem of problems) writeLine(io.stdout, problem);
      if (problems.length === 0) writeLine(io.stdout, `nothing in "${data}" is damaged`);
      for (const line of saved) writeLine(io.stdout, `saved ${line}`);
      writeLine(io.stdout, `what is readable is in "${to}": start with --data ${to}`);
    });
}

interface Given {
  data: string;
  to?: string;
}
