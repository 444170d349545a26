import { run, UsageError } from '../../../tools/src/cli.ts';
import { oneArgument } from './arguments.ts';
import { EVENT_KINDS, type EventKind, sampleEvent } from './events.ts';

const kinds = Object.keys(EVENT_KINDS) as EventKind[];

const HELP = `Usage: npm run -s event -- ${kinds.join('|')} [--set key=value]…

Prints a valid event of that trigger, to pipe into npm run invoke -- <function> --event -

${kinds.map((kind) => `  ${kind.padEnd(10)} ${Object.keys(EVENT_KINDS[kind]).join(', ')}`).join('\n')}
`;

async function main(): Promise<void> {
  const { argument, values } = oneArgument('kind of event', {
    set: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return void process.stdout.write(HELP);
  const kind = kinds.find((one) => one === argument);
  if (!kind) throw new UsageError(`"${argument}" is no kind of event; give ${kinds.join(', ')}`);
  const set = values.set.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--set is "${pair}"; give key=value`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  process.stdout.write(`${sampleEvent(kind, Object.fromEntries(set))}\n`);
}

run(main);
