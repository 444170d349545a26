import { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { LogLine } from '../../fc/runtime.ts';
import { addConnectionOptions, type Connection, observe, readLogs } from '../connection.ts';
import { CommandError } from '../errors.ts';
import { type Io, writeLine } from '../io.ts';

interface Given extends Connection {
  request?: string;
  follow?: true;
}

/** `fc-local logs`: prints the lines of a function of the running cloud, past and future. */
export function addLogs(program: Command, io: Io): void {
  const command = program
    .command('logs')
    .description('Print the last lines of a function of the running cloud.')
    .argument('<function>', 'its name, or its key in s.yaml')
    .option('-f, --follow', 'also print new lines, until Ctrl-C')
    .option('--request <id>', 'only the lines of one request');
  addConnectionOptions(command, io).action(async (name: string, given: Given) => {
    const isWanted = ({ requestId }: LogLine): boolean =>
      given.request === undefined || given.request === requestId;
    const kept = (await readLogs(given, name)).filter(isWanted);
    if (kept.length === 0) writeLine(io.stderr, nothing(name, given));
    if (given.follow) return follow(given, name, isWanted, io);
    for (const { text } of kept) writeLine(io.stdout, text);
  });
}

function nothing(name: string, { request, follow }: Given): string {
  const of = request === undefined ? '' : ` of request ${request}`;
  return `${name} has printed nothing${of} that is kept${follow ? '; waiting for it' : ''}`;
}

/** Prints stored and new lines until the cloud stops or the reader of standard output is gone. */
async function follow(
  given: Given,
  name: string,
  isWanted: (line: LogLine) => boolean,
  { stdout }: Io,
): Promise<void> {
  const { createInterface } = await import('node:readline');
  const stream = Readable.fromWeb(await observe(given, 'lines', name));
  const leave = (): void => void stream.destroy();
  stdout.once('error', leave);
  try {
    for await (const text of createInterface({ input: stream })) {
      const line: LogLine = JSON.parse(text);
      if (isWanted(line)) writeLine(stdout, line.text);
    }
  } catch (cause) {
    if (!stream.errored) throw cause;
  } finally {
    stdout.off('error', leave);
  }
  // A stream destroyed by this side has no error; the end of the connection has one, or is the end
  // of the stream.
  if (stream.errored || stream.readableEnded)
    throw new CommandError(`The cloud at ${given.endpoint} has stopped`);
}
