import type { Command } from 'commander';
import { complain, print, type Session } from '../command-line/io.ts';

interface Options {
  as?: string;
  dryRun?: boolean;
  fromRegistry?: boolean;
}

/** Defines `add`: adds one more function to a project. */
export function defineAdd(command: Command, session: Session): void {
  command
    .summary('add a function of the templates to the project')
    .description(
      `Adds a function of the templates to a project with an s.yaml: handler, tests, page, entry in s.yaml, role,
resources and outputs in the ROS template that s.yaml names (or infra/template.yaml, with a stack in
s.yaml), and what package.json lacks. What is there already stays as it is: nothing is written over.`,
    )
    .argument('<function>', 'the template, such as queue-consumer')
    .option('--as <name>', 'what it is called here')
    .option('--dry-run', 'show the change, write nothing')
    .option('--from-registry', 'name the packages by their versions, and not as files in vendor/')
    .action(
      async (from: string, { as: name = from, dryRun = false, fromRegistry = false }: Options) => {
        const [{ planAddition }, { formatChanges, writeChanges }] = await Promise.all([
          import('../create/addition.ts'),
          import('../parts/changes.ts'),
        ]);
        const plan = await planAddition(session.project, from, name, fromRegistry);
        for (const sentence of plan.notes) complain(session, sentence);
        if (plan.changes.length === 0) {
          print(session, `${name} is there already, with all that it needs.`);
          return;
        }
        print(session, formatChanges(plan.changes, dryRun));
        if (plan.needsVendor) print(session, 'created  vendor/  (fc-kit, fc-local, fc-templates)');
        if (dryRun) return;
        writeChanges(session.project, plan.changes);
        if (plan.needsVendor) {
          const { packVendor } = await import('../create/vendor.ts');
          await packVendor(session.project);
        }
        const install = plan.needsInstall ? 'npm install && ' : '';
        print(
          session,
          `\nNext: ${install}npx fc-templates build && npx vitest run test/functions/${name}.test.ts\nThen change functions/${name}/index.ts and its test.`,
        );
      },
    );
}
