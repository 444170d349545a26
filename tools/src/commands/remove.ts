import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { complain, print, type Session } from '../command-line/io.ts';

interface Options {
  dryRun?: boolean;
}

/** Defines `remove`: takes a function out of the project. */
export function defineRemove(command: Command, session: Session): void {
  command
    .summary('take a function out of the project')
    .description(
      `Takes a function out of the project, with all that it alone uses: files, entry in s.yaml, role, queues,
subscriptions, outputs, rows of the READMEs. What another function uses stays. What is deployed of it
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
        { packagesLeft, withoutUnneeded },
        { removeVendor },
        { manifestIn },
        { readCatalog },
      ] = await Promise.all([
        import('../parts/files.ts'),
        import('../parts/remove.ts'),
        import('../parts/leftovers.ts'),
        import('../parts/changes.ts'),
        import('../create/own-shared/project.ts'),
        import('../create/unneeded.ts'),
        import('../create/vendor.ts'),
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
      const isVendored = (all: typeof files) =>
        /"file:vendor\/fc-/.test(all.get('package.json') ?? '');
      const isVendorGone = isVendored(files) && !isVendored(left);
      if (isVendorGone) print(session, 'removed  vendor/  (fc-kit, fc-local, fc-templates)');
      const hasResources = (all: typeof files) =>
        /^["']?resources["']?:/m.test(all.get('s.yaml') ?? '');
      if (hasResources(files) && !hasResources(left))
        complain(
          session,
          'Nothing is left in resources of s.yaml, and the key is gone, too; if it was there, and empty, before, put it back.',
        );
      const packages = packagesLeft(left);
      if (packages.length > 0)
        complain(
          session,
          `${packages.join(', ')} in package.json ${packages.length > 1 ? 'stay' : 'stays'}: add has not brought them, or something uses them. npm uninstall ${packages.join(' ')} takes them out.`,
        );
      if (dryRun) return;
      writeChanges(session.project, changes);
      if (isVendorGone) removeVendor(session.project);
      if (changes.some(({ path }) => path === 'package.json'))
        print(session, '\nNext: npm install');
      for (const built of [name, `${name}.js.map`])
        rmSync(join(session.project, 'dist', built), { recursive: true, force: true });
      const still = leftovers(left, name);
      if (still.length > 0) print(session, `\nStill named in ${still.join(', ')}`);
    });
}
