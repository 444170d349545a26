import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { complain, print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { wholeNumber } from '../command-line/values.ts';
import { environmentOption } from '../deploy/options.ts';

interface Options {
  env?: string;
  access?: string;
  url?: string;
  method?: string;
  path: string;
  body?: string;
  header?: string[];
  timeout: number;
}

/** Defines `call`: calls a function by its HTTP trigger, signed. */
export function defineCall(command: Command, session: Session): void {
  environmentOption(command)
    .summary('call a deployed function by its HTTP trigger, signed')
    .description(
      `Sends one request to the HTTP trigger of a deployed function, signed with the credential that deploys
where the trigger wants that (authType function), and prints the answer's body.`,
    )
    .argument('<function>', 'a function of s.yaml')
    .option('-a, --access <alias>', 'another credential than s.yaml or env.yaml names')
    .option('--body <text>', 'what is sent; @file sends what the file holds')
    .option('--method <method>', 'default POST with a body, else the first that the trigger takes')
    .option('--path <path>', "what follows the trigger's address, with the query", '/')
    .option(
      '--header <name: value>',
      'another header; may be given several times',
      (header: string, others: string[] = []) => [...others, header],
    )
    .option('--url <url>', 'address of the trigger, signed; without it, the one that FC names')
    .addOption(
      wholeNumber('--timeout <seconds>', 'how long the answer may take', [1, 86_400]).default(60),
    )
    .addHelpText(
      'after',
      `
Against a local cloud: eval "$(npx fc-local env)", then give --url.
Exit code: 0 for an answer of 2xx, else 1.`,
    )
    .action(async (name: string, options: Options) => {
      const request = { ...requestOf(options, session.cwd), method: options.method };
      const { callFunction } = await import('../call/call.ts');
      const answer = await callFunction(name, { ...options, ...request }, session);
      const { status, requestId, body } = answer;
      if (body !== '') print(session, body);
      complain(session, `${status}, request ${requestId}`);
      if (status < 200 || status > 299) session.exitCode = 1;
    });
}

function requestOf({ body, header = [], url }: Options, cwd: string) {
  if (url !== undefined && !/^https?:/.test(URL.canParse(url) ? url : ''))
    throw new UsageError(`--url is "${url}"; give an address that begins with https://`);
  const headers = header.map((one): [string, string] => {
    const [, name, value] = /^([\w-]+): ?(.*)$/.exec(one) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`--header is "${one}"; give a name, a colon and a value`);
    return [name.toLowerCase(), value];
  });
  const file = body?.startsWith('@') ? resolve(cwd, body.slice(1)) : undefined;
  if (file !== undefined && !existsSync(file))
    throw new UsageError(`--body is "${body}"; there is no such file`);
  const bytes = file === undefined ? body : readFileSync(file);
  return { headers: Object.fromEntries(headers), body: bytes };
}
