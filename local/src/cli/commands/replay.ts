import { readFile } from 'node:fs/promises';
import { run, UsageError } from '../../../tools/src/cli.ts';
import { oneArgument } from './arguments.ts';
import { CONNECTION, CONNECTION_HELP, invoke } from './client.ts';
import { bytesOf, parseRecording } from './recording.ts';

const HELP = `Usage: npm run replay -- <fixture> [options]

Runs a recorded event again on the local cloud that npm start keeps up, and prints the answer. Exit
code 1 if the function fails where it had succeeded, or the other way round.

  --function NAME           another function than the recorded one
${CONNECTION_HELP}`;

async function main(): Promise<void> {
  const { argument, values } = oneArgument('fixture', {
    ...CONNECTION,
    function: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return void process.stdout.write(HELP);
  const text = await readFile(argument, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${argument} cannot be read (${error.code})`);
  });
  const recording = parseRecording(text, argument);
  const name = values.function ?? recording.function;
  const answer = await invoke(values, name, bytesOf(recording.event));
  console.log(answer.body.toString());
  const [before = 'success', now = 'success'] = [recording.answer.errorType, answer.errorType];
  if (before === now) return;
  console.error(`recorded: ${before}, now: ${now}, request ${answer.requestId}`);
  process.exitCode = 1;
}

run(main);
