import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Command } from 'commander';
import { print, type Session } from '../command-line/io.ts';

interface Options {
  from: string;
  dryRun?: boolean;
}

/** Makes a function of another. */
export function defineNew(command: Command, session: Session): void {
  command
    .summary('make a function of another')
    .description(
      `Makes a function of another: handler, test, entry in s.yaml, role and policy in
infra/template.yaml, and where there are such, README and scenario of permissions, under the new
name.`,
    )
    .argument('<name>', 'what the new function is called')
    .requiredOption('--from <function>', 'the function to copy, a folder of functions/')
    .option('--dry-run', 'show the change, write nothing')
    .action(async (name: string, { from, dryRun = false }: Options) => {
      const [{ viewProject }, { planCopy }, { formatChanges, writeChanges }] = await Promise.all([
        import('../project/view.ts'),
        import('../new/copy.ts'),
        import('../new/edits.ts'),
      ]);
      const changes = planCopy(await viewProject(session.project), from, name);
      print(session, formatChanges(changes, dryRun));
      if (dryRun) return;
      writeChanges(session.project, changes);
      format(
        session.project,
        changes.map(({ path }) => path).filter((path) => path.endsWith('.ts')),
      );
      print(
        session,
        `
Next: change functions/${name}/index.ts and its test, then run the tests. Its role may do what the one
of ${from} may, on the same resources: infra/template.yaml.`,
      );
    });
}

/** Another name may need no quotes, or make a line too long. Where the project has Biome, it puts that right. */
function format(root: string, paths: readonly string[]): void {
  const { resolve } = createRequire(join(root, 'package.json'));
  try {
    const biome = join(resolve('@biomejs/biome/package.json'), '..', 'bin', 'biome');
    spawnSync(process.execPath, [biome, 'check', '--write', ...paths], { cwd: root });
  } catch {
    // Not installed: the files stay as they were written.
  }
}
