import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { urlOf } from '../../http/listen.ts';
import { isLoopback } from '../../http/loopback.ts';
import { readAddresses as readRunning } from '../../start/addresses-file.ts';
import { addAddressOptions, isChosen, readAddresses } from '../cloud-options.ts';
import { UsageError } from '../errors.ts';
import { exportLines } from '../export-lines.ts';
import { type Io, writeLine } from '../io.ts';
import { METHODS, type Method, methodLines } from '../method-lines.ts';
import { readAccount } from '../running-account.ts';
import { sdkNotes } from '../sdk-lines.ts';

interface Given {
  data: string;
  method?: Method;
  function?: string;
  owner?: true;
}

/**
 * `fc-local env`: prints the settings that point SDKs and tools to a cloud started with the same
 * options.
 */
export function addEnv(program: Command, io: Io): void {
  const command = program
    .command('env')
    .description(
      'Print lines that point SDKs and tools of a shell at the local cloud:\neval "$(npx fc-local env)"',
    )
    .addOption(
      new Option(
        '--method <name>',
        `lines for one way to a credential, of the cloud that runs: ${METHODS.join(', ')}`,
      ).argParser(readMethod),
    )
    .option('--function <name>', 'with --method fc-context: whose credential')
    .option('--owner', "with --method access-key or ram-role-arn: the account's own pair")
    .option('--data <dir>', 'the data folder of the cloud that runs', '.local');
  addAddressOptions(command).action(async (given: Given) => {
    const running = readRunning(resolve(io.cwd, given.data));
    if (given.function !== undefined && given.method !== 'fc-context')
      throw new UsageError('--function goes with --method fc-context');
    if (given.owner && !['access-key', 'ram-role-arn'].includes(given.method ?? ''))
      throw new UsageError('--owner goes with --method access-key or ram-role-arn');
    if (given.method === undefined)
      return writeLine(io.stdout, `${exportLines(withRunning(command, running))}\n${sdkNotes()}`);
    const account = await readAccount(openapiOf(command, running, io), given.function);
    writeLine(io.stdout, methodLines(given.method, account, { owner: given.owner === true }));
  });
}

/** Returns the options, with the running cloud's ports where none were given. */
function withRunning(command: Command, running: Record<string, string>) {
  const addresses = readAddresses(command);
  const port = (option: keyof typeof addresses, name: string): number | undefined => {
    const url = running[name];
    return isChosen(command, option) || url === undefined ? undefined : Number(new URL(url).port);
  };
  const { smqPort, ossPort, openapiPort, fcPort } = addresses;
  return {
    ...addresses,
    smqPort: port('smqPort', 'SMQ_ENDPOINT') ?? smqPort,
    ossPort: port('ossPort', 'OSS_ENDPOINT') ?? ossPort,
    openapiPort: port('openapiPort', 'STS_ENDPOINT') ?? openapiPort,
    fcPort: port('fcPort', 'FUNCTION_ENDPOINT') ?? fcPort,
  };
}

/**
 * Returns the address of the running cloud's OpenAPIs: given, found by the data folder, set in the
 * shell, or the default.
 */
function openapiOf(command: Command, running: Record<string, string>, { env }: Io): string {
  const { host, openapiPort } = readAddresses(command);
  const usual = urlOf(host, openapiPort);
  if (isChosen(command, 'openapiPort') || isChosen(command, 'host')) return usual;
  const set = env.STS_ENDPOINT ?? '';
  const isHere = URL.canParse(set) && isLoopback(new URL(set).hostname);
  return running.STS_ENDPOINT ?? (isHere ? set : usual);
}

function readMethod(value: string): Method {
  const method = METHODS.find((one) => one === value);
  if (method) return method;
  throw new UsageError(`--method is "${value}"; give one of ${METHODS.join(', ')}`);
}
