import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { run, wholeNumber } from '../../../tools/src/cli.ts';
import { oneArgument } from './arguments.ts';
import { CONNECTION, CONNECTION_HELP, call } from './client.ts';
import { type InvocationLine, recordingOf } from './recording.ts';

const HELP = `Usage: npm run record -- <function> [options]

Saves the events and answers of a function of the local cloud as fixtures while it runs, secrets
left out; look through them before you commit them all the same. Ctrl-C ends it.

  --out DIR                 folder of the fixtures (test/fixtures/recorded)
  --count N                 end after so many invocations (1000)
${CONNECTION_HELP}`;

async function main(): Promise<void> {
  const { argument, values } = oneArgument('function', {
    ...CONNECTION,
    out: { type: 'string', default: join('test', 'fixtures', 'recorded') },
    count: { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return void process.stdout.write(HELP);
  const count = wholeNumber('count', values.count, 1, 100_000);
  const { body } = await call(values, `/_local/invocations/${encodeURIComponent(argument)}`);
  if (!body) return;
  await mkdir(values.out, { recursive: true });
  console.error(`Recording ${argument}`);
  let nth = 0;
  const input = Readable.fromWeb(body as never);
  for await (const line of createInterface({ input })) {
    const invocation: InvocationLine = JSON.parse(line);
    const stamp = new Date(invocation.at).toISOString().replace(/[:.]/g, '-');
    const file = join(values.out, `${argument}-${stamp}-${++nth}.json`);
    const recording = recordingOf(argument, invocation);
    await writeFile(file, `${JSON.stringify(recording, undefined, 2)}\n`);
    console.log(file);
    if (nth === count) break;
  }
  input.destroy();
}

run(main);
