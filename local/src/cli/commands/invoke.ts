import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { run, UsageError } from '../../../tools/src/cli.ts';
import { oneArgument } from './arguments.ts';
import { CONNECTION, CONNECTION_HELP, invoke } from './client.ts';

const HELP = `Usage: npm run invoke -- <function> [options]

Invokes a function of the local cloud that npm start keeps up, and prints its answer. Exit code 1 if it failed.

  --event FILE              the event; - reads it from standard input (default: empty)
  --async                   asynchronously: prints the request id only
${CONNECTION_HELP}`;

async function main(): Promise<void> {
  const { argument, values } = oneArgument('function', {
    ...CONNECTION,
    event: { type: 'string' },
    async: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return void process.stdout.write(HELP);
  const answer = await invoke(values, argument, await readEvent(values.event), {
    async: values.async,
  });
  if (values.async) return void console.log(answer.requestId);
  process.stdout.write(answer.body.length > 0 ? `${answer.body.toString()}\n` : '');
  if (answer.errorType === undefined) return;
  console.error(`${answer.errorType}, request ${answer.requestId}`);
  process.exitCode = 1;
}

async function readEvent(file: string | undefined): Promise<Buffer> {
  if (file === undefined) return Buffer.alloc(0);
  if (file === '-') return buffer(process.stdin);
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--event is "${file}", which cannot be read (${error.code})`);
  });
}

run(main);
