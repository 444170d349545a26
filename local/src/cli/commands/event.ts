import { Argument, type Command, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { type Io, writeLine } from '../io.ts';
import { EVENT_KINDS, type EventKind, sampleEvent } from '../sample-event.ts';

const kinds = Object.keys(EVENT_KINDS) as EventKind[];

/** `fc-local event`: prints an event as that kind of trigger makes it. */
export function addEvent(program: Command, io: Io): void {
  program
    .command('event')
    .description(
      'Print a valid event of a trigger, to pipe into: fc-local invoke <function> --event -',
    )
    .addArgument(new Argument('<kind>', `one of ${kinds.join(', ')}`).argParser(readKind))
    .addOption(
      new Option('--set <key=value>', 'a field of the event; may be repeated')
        .default({}, 'those of a sample')
        .argParser(readField),
    )
    .addHelpText('after', `\nFields:\n${kinds.map(fieldsOf).join('\n')}`)
    .action((kind: EventKind, { set }: { set: Record<string, string> }) =>
      writeLine(io.stdout, sampleEvent(kind, set).toString()),
    );
}

function readKind(value: string): EventKind {
  const kind = kinds.find((one) => one === value);
  if (kind) return kind;
  throw new UsageError(`"${value}" is no kind of event; give ${kinds.join(', ')}`);
}

function readField(pair: string, before: Record<string, string>): Record<string, string> {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError(`--set is "${pair}"; give key=value`);
  return { ...before, [pair.slice(0, at)]: pair.slice(at + 1) };
}

function fieldsOf(kind: EventKind): string {
  return `  ${kind.padEnd(10)} ${Object.keys(EVENT_KINDS[kind]).join(', ')}`;
}
