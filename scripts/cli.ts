import { type ParseArgsConfig, parseArgs } from 'node:util';
import { LocalCloudError } from '#local/errors';
import { AppError } from '#shared/errors';

/** An option that is not one, or a value it cannot have. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses the command line; throws UsageError for what `options` does not have. */
export function options<const T extends Options>(spec: T, argv = process.argv.slice(2)) {
  try {
    return parseArgs({ args: argv, options: spec, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence}; --help lists the options`);
  }
}

/** A whole number within limits; throws UsageError. */
export function wholeNumber(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new UsageError(`--${name} is "${value}"; give a whole number from ${least} to ${most}`);
}

/** Runs a command. What a person can mend ends it with one line and exit code 1 (2 for wrong usage); anything else is a bug and shows its stack. */
export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = error instanceof UsageError ? 2 : 1;
    console.error(`error: ${explain(error)}`);
  }
}

/** What went wrong in one line, or a stack for what nobody expected. */
export function explain(error: unknown): string {
  if (error instanceof LocalCloudError) return `${error.message}: ${error.remedy}`;
  // What a service or the environment refuses: code, remedy and request id are in the message.
  if (error instanceof UsageError || error instanceof AppError) return error.message;
  // esbuild's BuildFailure: its messages name file and line.
  if (error instanceof Error && 'errors' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
