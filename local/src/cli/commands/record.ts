import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { addConnectionOptions, type Connection, observe } from '../connection.ts';
import { CommandError, UsageError } from '../errors.ts';
import { type Io, writeLine } from '../io.ts';
import { type InvocationLine, recordingOf } from '../recording.ts';
import { wholeNumber } from '../values.ts';

interface Given extends Connection {
  out: string;
  count: number;
}

const MAX_COUNT = 100_000;

/** `fc-local record`: saves events and answers of a function as fixtures. */
export function addRecord(program: Command, io: Io): void {
  const command = program
    .command('record')
    .description(
      'Save the events and answers of a function of the running cloud as fixtures, secrets left out; ' +
        'look through them before you commit them all the same. Ctrl-C ends it.',
    )
    .argument('<function>', 'its name, or its key in s.yaml')
    .option('--out <dir>', 'folder of the fixtures', join('test', 'fixtures', 'recorded'))
    .option(
      '--count <n>',
      'end after so many invocations',
      wholeNumber('--count', 1, MAX_COUNT),
      1000,
    );
  addConnectionOptions(command, io).action(async (name: string, given: Given) => {
    const { createInterface } = await import('node:readline');
    const invocations = Readable.fromWeb(await observe(given, 'invocations', name));
    // From here on the iterator collects what arrives, errors too.
    const lines = createInterface({ input: invocations })[Symbol.asyncIterator]();
    try {
      await record(lines, name, given, io);
    } catch (cause) {
      if (!invocations.errored) throw cause;
      throw new CommandError(`The cloud at ${given.endpoint} has stopped`, { cause });
    } finally {
      invocations.destroy();
    }
  });
}

async function record(
  lines: AsyncIterableIterator<string>,
  name: string,
  { out, count }: Given,
  { cwd, stdout, stderr }: Io,
): Promise<void> {
  const folder = resolve(cwd, out);
  await mkdir(folder, { recursive: true }).catch(unwritable(out));
  writeLine(stderr, `Recording ${name}`);
  let nth = 0;
  for await (const line of lines) {
    const invocation: InvocationLine = JSON.parse(line);
    const stamp = new Date(invocation.at).toISOString().replace(/[:.]/g, '-');
    const file = `${name}-${stamp}-${++nth}.json`;
    const text = JSON.stringify(recordingOf(name, invocation), undefined, 2);
    await writeFile(join(folder, file), `${text}\n`).catch(unwritable(out));
    writeLine(stdout, join(out, file));
    if (nth === count) return;
  }
}

function unwritable(folder: string): (error: NodeJS.ErrnoException) => never {
  return ({ code }) => {
    throw new UsageError(`--out is "${folder}", which cannot be written to (${code})`);
  };
}
