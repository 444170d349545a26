import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { complain, print, type Session } from '../command-line/io.ts';

interface Options {
  dryRun?: boolean;
}

/** Takes a function out of the project. */
export function defineRemove(command: Command, session: Session): void {
  command
    .summary('take a function out of the project')
    .description(
      `Takes a function out of the project, with all that it alone uses: files, entry in s.yaml, role, queues,
subscriptions, outputs, row of the README. What another function uses stays. What is deployed of it
stays too: run fc-templates undeploy <name> before.`,
    )
    .argument('<name>', 'a function of s.yaml')
    .option('--dry-run', 'show the change, write nothing')
    .action(async (name: string, { dryRun = false }: Options) => {
      const [
        { readFiles },
        { removed },
        { leftovers },
        { changesOf, formatChanges, writeChanges },
        { withSharedFollowing },
        { withoutUnneeded },
        { manifestIn },
        { readCatalog },
      ] = await Promise.all([
        import('../parts/files.ts'),
        import('../parts/remove.ts'),
        import('../parts/leftovers.ts'),
        import('../parts/changes.ts'),
        import('../create/own-shared/project.ts'),
        import('../create/unneeded.ts'),
        import('../create/manifest.ts'),
        import('../templates/catalog.ts'),
      ]);
      const files = readFiles(session.project);
      const { files: left, differing } = withSharedFollowing(
        files,
        withoutUnneeded(removed(files, [name]), manifestIn(readCatalog())),
      );
      for (const path of differing)
        complain(session, `${path} is not as it was copied and stays as it is.`);
      const changes = changesOf(files, left);
      print(session, formatChanges(changes, dryRun));
      if (dryRun) return;
      writeChanges(session.project, changes);
      for (const built of [name, `${name}.js.map`])
        rmSync(join(session.project, 'dist', built), { recursive: true, force: true });
      const still = leftovers(left, name);
      if (still.length > 0) print(session, `\nStill named in ${still.join(', ')}`);
    });
}
