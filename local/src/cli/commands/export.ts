import { constants, createWriteStream } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { CommandError } from '../errors.ts';
import { type Io, writeLine } from '../io.ts';
import {
  addConsoleOptions,
  askConsole,
  type ConsoleOptions,
  findConsoleOrUsual,
  USUAL_CONSOLE,
} from '../running-console.ts';

interface Given extends ConsoleOptions {
  output?: string;
  keepSecrets?: true;
}

/** `fc-local export`: writes the state of the running cloud to one file. */
export function addExport(program: Command, io: Io): void {
  const command = program
    .command('export')
    .description(
      'Print queues, topics, subscriptions, buckets, messages and objects of the running cloud, to send or to import.',
    )
    .option('-o, --output <file>', 'where to (default: standard output)')
    .option('--keep-secrets', 'with the values in messages and texts that are named like secrets')
    .addHelpText(
      'after',
      '\nNo keys, users, roles, variables, log lines or unfinished uploads are in it.',
    );
  addConsoleOptions(command, USUAL_CONSOLE).action(async (given: Given) => {
    const url = await findConsoleOrUsual(io, given);
    const query = given.keepSecrets ? '?secrets=keep' : '';
    const { body } = await askConsole(url, `/export${query}`);
    if (!body) throw new CommandError(`${url} gives nothing to export`);
    let last = '';
    const seen = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        last = (last + Buffer.from(chunk).toString('latin1')).slice(-MAX_END_CHARACTERS);
        yield chunk;
      }
    };
    try {
      if (given.output === undefined) await pipeline(seen, io.stdout, { end: false });
      else await intoFile(seen, resolve(io.cwd, given.output));
    } catch (cause) {
      throw new CommandError(
        `The export ended early: ${cause instanceof Error ? cause.message : cause}`,
        { cause },
      );
    }
    writeLine(io.stderr, said(last));
  });
}

/** All of it or nothing: what was there stays until the export is whole. A device or a pipe is written to as it is. */
async function intoFile(content: () => AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there && !there.isFile()) return pipeline(content, createWriteStream(path));
  if (there) await access(path, constants.W_OK);
  const part = `${path}.part`;
  try {
    await pipeline(content, createWriteStream(part));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Maximum length of the last line, which reports how much was left out. */
const MAX_END_CHARACTERS = 400;

function said(last: string): string {
  const hidden = Number(/"hidden":(\d+)\}\n$/.exec(last)?.[1] ?? 0);
  return hidden === 0
    ? 'exported; messages and objects are in it as they are'
    : `exported; what is named like a secret was left out of ${hidden} of its messages and objects (--keep-secrets)`;
}
