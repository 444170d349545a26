import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from '../cli.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses a command line of one positional argument and options; throws UsageError for anything else. `what` names the argument. */
export function oneArgument<const T extends Options>(what: string, options: T, args?: string[]) {
  let parsed: ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>;
  try {
    parsed = parseArgs({
      args: args ?? process.argv.slice(2),
      options,
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; --help shows the usage`);
  }
  const { positionals, values } = parsed;
  const [argument = '', ...rest] = positionals;
  const help = (values as Record<string, unknown>).help === true;
  if (!help && (argument === '' || rest.length > 0))
    throw new UsageError(`give one ${what}; --help shows the usage`);
  return { argument, values };
}
