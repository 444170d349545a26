import type { Command } from 'commander';
import { addConnectionOptions, type Connection, readLogs } from '../connection.ts';
import { type Io, writeLine } from '../io.ts';

interface Given extends Connection {
  request?: string;
}

/** `fc-local logs`: what a function of the running cloud has printed. */
export function addLogs(program: Command, io: Io): void {
  const command = program
    .command('logs')
    .description('Print the last lines of a function of the running cloud.')
    .argument('<function>', 'its name, or its key in s.yaml')
    .option('--request <id>', 'only the lines of one request');
  addConnectionOptions(command, io).action(async (name: string, given: Given) => {
    for (const { text, requestId } of await readLogs(given, name))
      if (given.request === undefined || given.request === requestId) writeLine(io.stdout, text);
  });
}
