import { commandLine, type Options, UsageError } from '../../../tools/src/cli.ts';

/** Parses a command line of one positional argument and options; throws UsageError for anything else. `what` names the argument. */
export function oneArgument<const T extends Options>(what: string, options: T, args?: string[]) {
  const { positionals, values } = commandLine(options, args);
  const [argument = '', ...rest] = positionals;
  const help = (values as Record<string, unknown>).help === true;
  if (!help && (argument === '' || rest.length > 0))
    throw new UsageError(`give one ${what}; --help shows the usage`);
  return { argument, values };
}
