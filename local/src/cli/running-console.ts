import { resolve } from 'node:path';
import type { Command } from 'commander';
import { urlOf } from '../http/listen.ts';
import { DEFAULTS } from '../options.ts';
import { CONSOLE_ENDPOINT, readAddresses } from '../start/addresses-file.ts';
import { CommandError, UsageError } from './errors.ts';
import type { Io } from './io.ts';

/** Options that identify a running cloud on a command line. */
export interface ConsoleOptions {
  console?: string;
  data: string;
}

/** Address of a console whose port was not chosen. */
export const USUAL_CONSOLE = urlOf(DEFAULTS.host, DEFAULTS.consolePort);

/** Adds the options that identify the console of a running cloud. */
export function addConsoleOptions(command: Command, otherwise: string): Command {
  return command
    .option(
      '--console <url>',
      `the running cloud's console (default: that of FUNCTION_ENDPOINT's cloud, else of the cloud on the data folder, else ${otherwise})`,
      readUrl,
    )
    .option('--data <dir>', 'the data folder of the cloud', DEFAULTS.data);
}

/**
 * Returns the address of the console to which the options, FUNCTION_ENDPOINT or the data folder
 * lead; undefined where none of them does. Throws CommandError when FUNCTION_ENDPOINT has no
 * console.
 */
export async function findConsole(
  { cwd, env }: Io,
  { console: given, data }: ConsoleOptions,
): Promise<string | undefined> {
  if (given !== undefined) return given;
  const endpoint = env.FUNCTION_ENDPOINT?.replace(/\/+$/, '');
  if (endpoint) return consoleOf(endpoint);
  return readAddresses(resolve(cwd, data))[CONSOLE_ENDPOINT];
}

/** Does the same, or returns the console's default address. */
export async function findConsoleOrUsual(io: Io, given: ConsoleOptions): Promise<string> {
  return (await findConsole(io, given)) ?? USUAL_CONSOLE;
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
  if (URL.canParse(value) && /^https?:\/\//i.test(value)) return value.replace(/\/+$/, '');
  throw new UsageError(`--console is "${value}"; give http://<host>:<port>`);
}
