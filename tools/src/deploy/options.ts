import type { Command } from 'commander';
import type { Session } from '../command-line/io.ts';

/** Options that preview, deploy, info and undeploy share. */
export interface DeployOptions {
  env?: string;
  access?: string;
  assumeYes?: boolean;
  debug?: boolean;
}

/** Adds the option that names an environment. */
export function environmentOption(command: Command): Command {
  return command.option(
    '-e, --env <name>',
    'an environment of env.yaml; without it s.yaml is taken as it is',
  );
}

/** Adds the options of a sub-command that uses the account, after that of the environment. */
export function accountOptions(command: Command): Command {
  return environmentOption(command)
    .option('-a, --access <alias>', 'another key pair than s.yaml or env.yaml names')
    .option('-y, --assume-yes', 'yes to what would be asked; without a terminal that is so anyway')
    .option('--debug', 'show what s does');
}

/** Whether to pass -y: without a terminal to ask in, s deploys nothing if the cloud has drifted, and exits with 0. */
export function assumesYes({ assumeYes }: DeployOptions, { interactive }: Session): boolean {
  return assumeYes === true || !interactive;
}

/** Returns the options `-y` and `--debug` of the deploy tool. */
export function toolOptions(options: DeployOptions, session: Session): string[] {
  return [...(assumesYes(options, session) ? ['-y'] : []), ...(options.debug ? ['--debug'] : [])];
}

/** Returns the deploy tool's own option for the environment. */
export function toolEnvironment({ env }: Pick<DeployOptions, 'env'>): string[] {
  return env === undefined ? [] : ['--env', env];
}
