import { resolve } from 'node:path';
import type { Command } from 'commander';
import { urlOf } from '../http/listen.ts';
import { DEFAULTS } from '../options.ts';
import { CLOUD_ID, CONSOLE_ENDPOINT, readAddresses, wasKilled } from '../start/addresses-file.ts';
import { CommandError, UsageError } from './errors.ts';
import type { Io } from './io.ts';

/** Options that identify a running cloud on a command line. */
export interface ConsoleOptions {
  console?: string;
  data: string;
  /** Whether the data folder was named, and is not just the usual one. */
  dataIsGiven: boolean;
}

/** Address of a console whose port was not chosen. */
export const USUAL_CONSOLE = urlOf(DEFAULTS.host, DEFAULTS.consolePort);

/** Adds the options that identify the console of a running cloud. */
export function addConsoleOptions(command: Command, otherwise: string): Command {
  command.hook('preAction', () => {
    const isGiven = command.getOptionValueSource('data') === 'cli';
    command.setOptionValue('dataIsGiven', isGiven);
  });
  return command
    .option(
      '--console <url>',
      `the running cloud's console (default: of the data folder that is given, else that of FUNCTION_ENDPOINT's cloud, else of the cloud on .local, else ${otherwise})`,
      readUrl,
    )
    .option('--data <dir>', 'the data folder of the cloud', DEFAULTS.data);
}

/**
 * Returns the address of the console to which the options, FUNCTION_ENDPOINT or the data folder
 * lead; undefined where none of them does. Throws CommandError when FUNCTION_ENDPOINT's
 * cloud has no console, and when another answers in place of the data folder's.
 */
export async function findConsole(
  { cwd, env }: Io,
  { console: given, data, dataIsGiven }: ConsoleOptions,
): Promise<string | undefined> {
  if (given !== undefined) return given;
  const endpoint = env.FUNCTION_ENDPOINT?.replace(/\/+$/, '');
  if (endpoint && !dataIsGiven) return consoleOf(endpoint);
  const { [CONSOLE_ENDPOINT]: url, [CLOUD_ID]: id } = readAddresses(resolve(cwd, data));
  if (url !== undefined && id !== undefined) await checkId(url, id, data);
  return url;
}

async function checkId(url: string, id: string, data: string): Promise<void> {
  const answer = await answerOf(`${url}/id`, {});
  if (answer.ok && (await answer.text()) === id) return;
  throw new CommandError(
    `Not the cloud on "${data}" but something else answers at ${url}: start the cloud again, or give --console`,
  );
}

/** Does the same, or returns the console's default address. Throws CommandError when no cloud with a console runs on a folder that was named, or the folder's was killed or has none: no other is meant. */
export async function findConsoleOrUsual(io: Io, given: ConsoleOptions): Promise<string> {
  const found = await findConsole(io, given);
  if (found === undefined && wasKilled(resolve(io.cwd, given.data)))
    throw new CommandError(
      `The cloud on "${given.data}" was killed and runs no more: start it again, or give --console`,
    );
  if (found === undefined && Object.keys(readAddresses(resolve(io.cwd, given.data))).length > 0)
    throw new CommandError(
      `The cloud on "${given.data}" has no console: start it with fc-local, or give --console`,
    );
  if (found !== undefined || !given.dataIsGiven) return found ?? USUAL_CONSOLE;
  throw new CommandError(
    `No cloud with a console runs on "${given.data}": start it with fc-local --data ${given.data}`,
  );
}

/**
 * Sends a request to the console. Throws CommandError when nothing answers there, and for a
 * refusal.
 */
export async function askConsole(
  url: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const response = await answerOf(`${url}${path}`, init);
  if (response.ok) return response;
  const said = /<h1>(.*?)<\/h1>/s.exec(await response.text())?.[1];
  throw new CommandError(
    said === undefined
      ? `${url} answers ${response.status}, and not as a console does`
      : `${url}: ${textOf(said)}`,
  );
}

async function consoleOf(endpoint: string): Promise<string> {
  if (!isUrl(endpoint))
    throw new UsageError(`FUNCTION_ENDPOINT is "${endpoint}"; give http://<host>:<port>`);
  const response = await answerOf(`${endpoint}/_local/console`, {});
  const answer: unknown = await response.json().catch(() => undefined);
  const url = response.ok && (answer as { url?: unknown } | undefined)?.url;
  if (typeof url === 'string') return url;
  throw new CommandError(
    `The cloud at ${endpoint} (FUNCTION_ENDPOINT) has no console: start it with fc-local`,
  );
}

async function answerOf(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', ...init });
  } catch {
    const { origin } = new URL(url);
    throw new CommandError(
      `Nothing answers at ${origin}: start the cloud with fc-local, or give --console`,
    );
  }
}

function textOf(markup: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return markup
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? '');
}

function readUrl(value: string): string {
  if (isUrl(value)) return value.replace(/\/+$/, '');
  throw new UsageError(`--console is "${value}"; give http://<host>:<port>`);
}

function isUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:\/\//i.test(value);
}
