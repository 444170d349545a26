import type { Command } from 'commander';
import type { Session } from '../command-line/io.ts';

/** What preview, deploy, info and undeploy have in common. */
export interface DeployOptions {
  env?: string;
  access?: string;
  assumeYes?: boolean;
  debug?: boolean;
}

/** The option that names an environment. */
export function environmentOption(command: Command): Command {
  return command.option(
    '-e, --env <name>',
    'an environment of env.yaml; without it s.yaml is taken as it is',
  );
}

/** The options of a sub-command that asks the account, after that of the environment. */
export function accountOptions(command: Command): Command {
  return environmentOption(command)
    .option('-a, --access <alias>', 'another key pair than s.yaml or env.yaml names')
    .option('-y, --assume-yes', 'yes to what would be asked; without a terminal that is so anyway')
    .option('--debug', 'show what s does');
}

/** Without a terminal to ask in, s deploys nothing where the cloud has drifted, and exits with 0. */
export function assumesYes({ assumeYes }: DeployOptions, { interactive }: Session): boolean {
  return assumeYes === true || !interactive;
}

/** The options `-y` and `--debug` of the deploy tool. */
export function toolOptions(options: DeployOptions, session: Session): string[] {
  return [...(assumesYes(options, session) ? ['-y'] : []), ...(options.debug ? ['--debug'] : [])];
}

/** The deploy tool's own option for the environment. */
export function toolEnvironment({ env }: Pick<DeployOptions, 'env'>): string[] {
  return env === undefined ? [] : ['--env', env];
}
