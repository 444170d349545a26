import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { FAULTS, type Fault } from '../faults.ts';
import { DEFAULTS, type LocalCloudOptions } from '../options.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { listOf, matching, secretMatching, wholeNumber } from './values.ts';

/** Where a cloud listens, and its account. */
type Addresses = Required<
  Pick<
    LocalCloudOptions,
    | 'host'
    | 'smqPort'
    | 'ossPort'
    | 'openapiPort'
    | 'fcPort'
    | 'consolePort'
    | 'accessKeyId'
    | 'accessKeySecret'
    | 'accountId'
    | 'region'
  >
>;

interface Given extends Addresses {
  project: string;
  sYaml?: string;
  env?: string;
  template?: string;
  build: boolean;
  reload: boolean;
  verbose?: true;
  strict?: boolean;
  defaultDomain?: true;
  inspect?: string;
  inspectBrk?: string;
  inspectPort: number;
  queue: string[];
  topic: string[];
  bucket: string[];
  data: string;
  memory?: true;
  sync?: true;
  functions: boolean;
  strictHandles?: true;
  faultRate: number;
  faultSeed: number;
  faults: Fault[];
}

const MAX_PORT = 65_535;
const MAX_SEED = 2 ** 32 - 1;

/** Node's default, which debuggers try first. */
const INSPECT_PORT = 9229;

/** Name of a queue or a topic. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,119}$/;

const PORTS = ['smqPort', 'ossPort', 'openapiPort', 'fcPort', 'consolePort'] as const;

/** Adds the options for a cloud's addresses, keys, account and region. */
export function addAddressOptions(command: Command): Command {
  const port = (name: string, what: string, preset: number) =>
    new Option(`--${name} <port>`, what)
      .default(preset)
      .argParser(wholeNumber(`--${name}`, 0, MAX_PORT));
  return command
    .option('--host <host>', 'address to listen on', DEFAULTS.host)
    .addOption(port('smq-port', 'SMQ; 0 takes any free port, here and below', DEFAULTS.smqPort))
    .addOption(port('oss-port', 'OSS', DEFAULTS.ossPort))
    .addOption(port('openapi-port', 'STS and the other OpenAPIs', DEFAULTS.openapiPort))
    .addOption(port('fc-port', 'functions: HTTP triggers and invocations', DEFAULTS.fcPort))
    .addOption(port('console-port', 'the page that shows it all', DEFAULTS.consolePort))
    .option(
      '--access-key-id <id>',
      'a RAM user who may do everything',
      matching('--access-key-id', /^[\w.-]{1,128}$/, 'letters, digits and . _ -'),
      DEFAULTS.accessKeyId,
    )
    .option(
      '--access-key-secret <secret>',
      'the secret of that key',
      secretMatching(
        '--access-key-secret',
        /^\S{1,128}$/,
        'is empty, too long or has a space in it',
      ),
      DEFAULTS.accessKeySecret,
    )
    .option(
      '--account-id <id>',
      'the account',
      matching('--account-id', /^\d{1,20}$/, 'digits'),
      DEFAULTS.accountId,
    )
    .option(
      '--region <region>',
      'the region',
      matching('--region', /^[a-z]{2}-[a-z0-9-]+$/, 'a region id such as cn-hangzhou'),
      DEFAULTS.region,
    );
}

/** Adds the options for what the cloud runs, what it stores and which faults it injects. */
export function addCloudOptions(command: Command): Command {
  return command
    .option('--project <dir>', 'folder of s.yaml', '.')
    .option('--s-yaml <file>', 'the file that says what is deployed (default: s.yaml, else s.yml)')
    .option('--env <name>', 'an environment of env.yaml')
    .option('--template <file>', 'a ROS template, where s.yaml names none')
    .option('--no-functions', 'start the services only, without s.yaml')
    .option('--no-build', 'do not run what s.yaml runs before a deployment (pre-deploy)')
    .option('--no-reload', 'do not deploy changes again')
    .option('--verbose', 'show what builds print')
    .option('--strict', 'make an error of what cannot run (default where CI=true)')
    .option('--no-strict', 'leave out what cannot run, and run the rest')
    .addOption(names('queue', 'a queue to make; may be repeated'))
    .addOption(names('topic', 'a topic to make; may be repeated'))
    .addOption(names('bucket', 'a bucket to make; may be repeated'))
    .option(
      '--inspect <function>',
      'one instance of it takes a debugger; it is never frozen and has no time limit',
    )
    .option('--inspect-brk <function>', 'the same, and it runs nothing until one is attached')
    .option(
      '--inspect-port <port>',
      'where the debugger is attached',
      wholeNumber('--inspect-port', 1, MAX_PORT),
      INSPECT_PORT,
    )
    .option('--default-domain', "treat HTTP answers as the cloud's default domain does")
    .option(
      '--data <dir>',
      'folder that keeps messages and objects',
      matching('--data', /./, 'a folder'),
      DEFAULTS.data,
    )
    .option('--memory', 'keep nothing: everything is gone at the end')
    .option(
      '--sync',
      'sync everything to the disk before it is acknowledged: slower, for power cuts',
    )
    .option('--strict-handles', 'take only the newest receipt handle after a change of visibility')
    .option(
      '--fault-rate <percent>',
      'how often each fault below meets a request',
      wholeNumber('--fault-rate', 0, 100),
      0,
    )
    .option(
      '--fault-seed <number>',
      'another seed gives another sequence of faults',
      wholeNumber('--fault-seed', 0, MAX_SEED),
      1,
    )
    .addOption(
      new Option('--faults <list>', `some of ${FAULTS.join(', ')}`)
        .default([...FAULTS], 'all')
        .argParser(listOf('--faults', FAULTS)),
    );
}

/** Reads a cloud's addresses and keys from the command line. */
export function readAddresses(command: Command): Addresses {
  return command.opts<Addresses>();
}

/** Returns whether that option is on the command line. */
export function isChosen(command: Command, option: string): boolean {
  return command.getOptionValueSource(option) === 'cli';
}

/**
 * Reads a cloud's options from the command line; relative folders start at `cwd`. Throws UsageError
 * for options that exclude one another.
 */
export function readCloud(command: Command, { cwd, env }: Io): LocalCloudOptions {
  const given = command.opts<Given>();
  const { memory, sync, functions, project, data, strictHandles, faultRate: percent } = given;
  if (memory && isChosen(command, 'data'))
    throw new UsageError('--memory keeps nothing and --data names a folder; give one of them');
  if (memory && sync)
    throw new UsageError('--memory keeps nothing and --sync writes to the disk; give one of them');
  if (given.inspect !== undefined && given.inspectBrk !== undefined)
    throw new UsageError('--inspect and --inspect-brk name a function each; give one of them');
  if (!functions && (given.inspect ?? given.inspectBrk) !== undefined)
    throw new UsageError('--no-functions starts no function and --inspect names one');
  const faults = { rate: percent / 100, seed: given.faultSeed, faults: given.faults };
  return {
    host: given.host,
    smqPort: given.smqPort,
    ossPort: given.ossPort,
    openapiPort: given.openapiPort,
    fcPort: given.fcPort,
    console: true,
    consolePort: given.consolePort,
    flexiblePorts: PORTS.filter((port) => !isChosen(command, port)),
    accessKeyId: given.accessKeyId,
    accessKeySecret: given.accessKeySecret,
    accountId: given.accountId,
    region: given.region,
    credentialMethods: true,
    made: { queues: given.queue, topics: given.topic, buckets: given.bucket },
    ...(!memory && { data: resolve(cwd, data) }),
    ...(sync && { sync }),
    ...(percent > 0 && { faults }),
    ...(strictHandles && { strictHandles }),
    ...(functions && readProjectOptions(given, resolve(cwd, project), env)),
  };
}

function readProjectOptions(
  given: Given,
  project: string,
  environment: NodeJS.ProcessEnv,
): LocalCloudOptions {
  const { sYaml, env, template, inspectBrk, inspect = inspectBrk } = given;
  return {
    project,
    ...(sYaml !== undefined && { sYaml }),
    ...(env !== undefined && { env }),
    ...(template !== undefined && { template }),
    build: given.build,
    reload: given.reload,
    verbose: given.verbose === true,
    strict: given.strict ?? environment.CI === 'true',
    ...(given.defaultDomain && { defaultDomain: true }),
    ...(inspect !== undefined && {
      inspect: {
        functionName: inspect,
        port: given.inspectPort,
        ...(inspectBrk !== undefined && { waits: true }),
      },
    }),
  };
}

function names(kind: string, what: string): Option {
  const read =
    kind === 'bucket'
      ? matching('--bucket', /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, '3 to 63 of a-z, 0-9 and -')
      : matching(`--${kind}`, NAME, 'letters, digits and -, a letter or digit first');
  return new Option(`--${kind} <name>`, what)
    .default([], 'none')
    .argParser((value, before: string[] = []) => [...before, read(value)]);
}
