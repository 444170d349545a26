import { run } from '../../../tools/src/cli.ts';
import { oneArgument } from './arguments.ts';
import { CONNECTION, CONNECTION_HELP, readLogs } from './client.ts';

const HELP = `Usage: npm run logs -- <function> [options]

Prints the last lines of a function of the local cloud that npm start keeps up.

  --request ID              only those of one request
${CONNECTION_HELP}`;

async function main(): Promise<void> {
  const { argument, values } = oneArgument('function', {
    ...CONNECTION,
    request: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return void process.stdout.write(HELP);
  for (const { text, requestId } of await readLogs(values, argument))
    if (values.request === undefined || values.request === requestId) console.log(text);
}

run(main);
