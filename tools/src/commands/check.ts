import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { complain, print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';

interface Options {
  schema?: string;
}

/** Defines `check`: checks the project as a reviewer would. */
export function defineCheck(command: Command, session: Session): void {
  command
    .summary('look at the built project as a reviewer would')
    .description(
      'Looks at the built project as a reviewer would. Each finding names file, line and remedy.',
    )
    .option(
      '--schema <file>',
      `also hold the functions of s.yaml, as it is and in each environment of
env.yaml, against a JSON schema of the component fc3`,
    )
    .addHelpText(
      'after',
      '\nA note is of what has no effect on the local cloud.\nExit code: 0 when nothing else was found, else 1.',
    )
    .action(async ({ schema }: Options) => {
      const file = schema === undefined ? undefined : resolve(session.cwd, schema);
      if (file !== undefined && !existsSync(file))
        throw new UsageError(`--schema is "${schema}"; there is no such file`);
      const [{ viewProject }, { RULES }, { anonymousNotes }] = await Promise.all([
        import('../project/view.ts'),
        import('../check/rules/all-rules.ts'),
        import('../deploy/anonymous.ts'),
      ]);
      const view = await viewProject(session.project);
      const findings = Object.values(RULES).flatMap((rule) => rule(view));
      if (file !== undefined) {
        const { againstSchema } = await import('../check/schema.ts');
        findings.push(...(await againstSchema(view, file, session.env)));
      }
      // Settings without effect on the local cloud: no fault of the project, but good to know.
      for (const warning of view.project.warnings) complain(session, `note: ${warning}`);
      for (const { source, problem, remedy } of findings)
        complain(session, `${source}: ${problem}: ${remedy}`);
      // A trigger may be meant to let anyone in, so this is not a finding.
      for (const note of anonymousNotes(view.project)) complain(session, `note: ${note}`);
      if (findings.length > 0) session.exitCode = 1;
      else print(session, `Checked ${view.project.functions.length} functions: nothing found`);
    });
}
