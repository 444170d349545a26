import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addConnectionOptions, type Connection, invoke } from '../connection.ts';
import { CommandError, UsageError } from '../errors.ts';
import { type Io, writeLine } from '../io.ts';

interface Given extends Connection {
  event?: string;
  async?: true;
}

/** `fc-local invoke`: calls a function of the running cloud. */
export function addInvoke(program: Command, io: Io): void {
  const command = program
    .command('invoke')
    .description('Invoke a function of the running cloud and print its answer; 1 if it failed.')
    .argument('<function>', 'its name, or its key in s.yaml')
    .option('--event <file>', 'the event; - reads it from standard input (default: empty)')
    .option('--async', 'invoke asynchronously: prints the request id only');
  addConnectionOptions(command, io).action(async (name: string, given: Given) => {
    const answer = await invoke(given, name, await readEvent(given.event, io), given);
    if (given.async) return writeLine(io.stdout, answer.requestId);
    if (answer.body.length > 0) writeLine(io.stdout, answer.body.toString());
    if (answer.errorType !== undefined)
      throw new CommandError(`${answer.errorType}, request ${answer.requestId}`);
  });
}

async function readEvent(file: string | undefined, io: Io): Promise<Buffer> {
  if (file === undefined) return Buffer.alloc(0);
  if (file === '-') return (await import('node:stream/consumers')).buffer(io.stdin);
  return readFile(resolve(io.cwd, file)).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--event is "${file}", which cannot be read (${error.code})`);
  });
}
