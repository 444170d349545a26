import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { CommandError } from '../errors.ts';
import type { Io } from '../io.ts';
import {
  addConsoleOptions,
  askConsole,
  type ConsoleOptions,
  findConsoleOrUsual,
  USUAL_CONSOLE,
} from '../running-console.ts';

/** `fc-local import`: replaces the running cloud's state by an exported one. */
export function addImport(program: Command, io: Io): void {
  const command = program
    .command('import')
    .description(
      "Replace the running cloud's messages and objects by those of an exported file: all of them or, when it is refused, none.",
    )
    .argument('<file>', 'as fc-local export wrote it, or - for standard input');
  addConsoleOptions(command, USUAL_CONSOLE).action(async (file: string, given: ConsoleOptions) => {
    const url = await findConsoleOrUsual(io, given);
    const input = file === '-' ? io.stdin : await opened(resolve(io.cwd, file));
    const response = await askConsole(url, '/import', {
      method: 'POST',
      headers: { origin: new URL(url).origin, 'content-type': 'application/x-ndjson' },
      body: Readable.toWeb(input as Readable) as unknown as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    io.stdout.write(await response.text());
  });
}

/** Throws CommandError for what is not there to be read, or is a folder. */
async function opened(path: string): Promise<Readable> {
  try {
    const file = await open(path);
    if (!(await file.stat()).isDirectory()) return file.createReadStream();
    await file.close();
  } catch (cause) {
    const { message } = cause as Error;
    throw new CommandError(`Cannot read "${path}" (${message})`, { cause });
  }
  throw new CommandError(`Cannot read "${path}": it is a folder`);
}
