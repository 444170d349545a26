import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addConnectionOptions, type Connection, invoke } from '../connection.ts';
import { CommandError, UsageError } from '../errors.ts';
import { type Io, writeLine } from '../io.ts';
import { bytesOf, parseRecording } from '../recording.ts';

interface Given extends Connection {
  function?: string;
}

/** `fc-local replay`: runs a recorded event again. */
export function addReplay(program: Command, io: Io): void {
  const command = program
    .command('replay')
    .description(
      'Run a recorded event again on the running cloud and print the answer; 1 if the function fails ' +
        'where it had succeeded, or the other way round.',
    )
    .argument('<fixture>', 'a file that fc-local record has made')
    .option('--function <name>', 'another function than the recorded one');
  addConnectionOptions(command, io).action(async (file: string, given: Given) => {
    const recording = parseRecording(await read(file, io.cwd), file);
    const name = given.function ?? recording.function;
    const answer = await invoke(given, name, bytesOf(recording.event));
    writeLine(io.stdout, answer.body.toString());
    const [before = 'success', now = 'success'] = [recording.answer.errorType, answer.errorType];
    if (before !== now)
      throw new CommandError(`recorded: ${before}, now: ${now}, request ${answer.requestId}`);
  });
}

function read(file: string, cwd: string): Promise<string> {
  return readFile(resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code})`);
  });
}
