import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';

interface Options {
  repository: string;
  app?: string;
  region?: string;
}

/** Defines `ci`: prints how a CI deploys without a key. */
export function defineCi(command: Command, session: Session): void {
  command
    .summary('print how a CI deploys without a long-term key')
    .description(
      `Prints the steps that let GitHub deploy this project with an hour's credential and no key: identity
provider and role (infra/ci.yaml), environments and their variables. Sends nothing.`,
    )
    .option('--repository <owner/repo>', 'at GitHub', 'OWNER/REPO')
    .option('--app <name>', "the app's name; without it, that of s.yaml")
    .option('--region <id>', 'where the stack is made; without it, that of s.yaml')
    .action(async ({ repository, app, region }: Options) => {
      if (!/^[\w.@-]+\/[\w.@-]+$/.test(repository))
        throw new UsageError(`--repository is "${repository}"; give OWNER/REPO`);
      const { project, env } = session;
      if (!existsSync(join(project, 'infra', 'ci.yaml')))
        throw new UsageError(
          `there is no infra/ci.yaml in ${project}; take the one of the repository of fc-templates`,
        );
      const [{ readDotEnv, readProject }, { readEnvironments }, { githubSteps }] =
        await Promise.all([
          import('fc-local/project'),
          import('../project/environments.ts'),
          import('../ci/steps.ts'),
        ]);
      const read = await readProject({
        dir: project,
        env: { ...readDotEnv(project), ...env },
        // Nothing that is read here depends on it.
        accountId: '1234567890123456',
      });
      const named = readEnvironments(project).map(({ name }) => name);
      const environments = named.length > 0 ? named : ['production'];
      const subjects = readFileSync(join(project, 'infra', 'ci.yaml'), 'utf8')
        .split('\n')
        .map((line) => line.replace(/['"\s]+$/, ''));
      const strangers = environments.filter(
        (name) => !subjects.some((line) => line.endsWith(`:environment:${name}`)),
      );
      print(
        session,
        githubSteps({
          repository,
          app: app ?? read.name,
          region: region ?? read.region,
          environments,
          strangers,
        }),
      );
    });
}
