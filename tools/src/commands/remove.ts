import type { Command } from 'commander';
import { print, type Session } from '../command-line/io.ts';

interface Options {
  dryRun?: boolean;
}

/** Takes a function out of the project. */
export function defineRemove(command: Command, session: Session): void {
  command
    .summary('take a function out of the project')
    .description(
      `Takes a function out of the project: all that fc-templates new makes. What is deployed of it stays:
run fc-templates undeploy <name> before.`,
    )
    .argument('<name>', 'a function of s.yaml')
    .option('--dry-run', 'show the change, write nothing')
    .action(async (name: string, { dryRun = false }: Options) => {
      const [{ viewProject }, { leftovers, planRemoval }, { formatChanges, writeChanges }] =
        await Promise.all([
          import('../project/view.ts'),
          import('../new/removal.ts'),
          import('../new/edits.ts'),
        ]);
      const view = await viewProject(session.project);
      const changes = planRemoval(view, name);
      print(session, formatChanges(changes, dryRun));
      if (dryRun) return;
      writeChanges(session.project, changes);
      const left = leftovers(view, name);
      if (left.length > 0) print(session, `\nStill named in ${left.join(', ')}`);
    });
}
