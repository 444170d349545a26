import type { Command } from 'commander';
import type { BuiltFunction } from '../build/build.ts';
import { print, type Session } from '../command-line/io.ts';
import { readSwitch } from '../command-line/switch.ts';
import { UsageError } from '../command-line/usage-error.ts';

interface Options {
  codeCache?: boolean;
  keep?: string[];
}

/** Defines `build`: bundles the functions of the project. */
export function defineBuild(command: Command, session: Session): void {
  command
    .summary('bundle the functions into dist/')
    .description(
      'Bundles functions/<name>/index.ts into dist/<name>/index.js, the folder that s.yaml deploys.',
    )
    .argument('[names...]', 'functions to bundle; all of them without names')
    .option('--code-cache', "put V8's code cache beside each bundle; CODE_CACHE=1 says the same")
    .option(
      '--keep <module>',
      'bundle a module of the SDKs that is left out by default; may be given several times',
      (module: string, others: string[] = []) => [...others, module],
      undefined,
    )
    .action(async (names: string[], given: Options) => {
      // The variable reaches the builds that pre-deploy actions of s.yaml run.
      const codeCache = given.codeCache ?? readSwitch('CODE_CACHE', session.env) ?? false;
      const options = { ...given, codeCache };
      const { functionNames } = await import('../project/function-names.ts');
      const known = await functionNames(session.project);
      checkNames(names, known);
      const [{ build }, { MAX_ZIPPED_BYTES, MAX_ZIPPED_BYTES_WITH_CODE_CACHE }] = await Promise.all(
        [import('../build/build.ts'), import('../build/size-budget.ts')],
      );
      checkKept(options.keep ?? [], await leftOutModules());
      const budget = options.codeCache ? MAX_ZIPPED_BYTES_WITH_CODE_CACHE : MAX_ZIPPED_BYTES;
      const wanted = names.length > 0 ? names : known;
      for (const built of await build(session.project, wanted, options))
        print(session, describe(built, budget));
    });
}

function checkNames(names: readonly string[], known: readonly string[]): void {
  if (known.length === 0)
    throw new UsageError(
      'there is no folder under functions/; write functions/<name>/index.ts, or give --project',
    );
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UsageError(
      `there is no functions/${unknown.join(', functions/')}; there are ${known.join(', ')}`,
    );
}

async function leftOutModules(): Promise<string[]> {
  const { LEFT_OUT } = await import('../build/left-out.ts');
  return LEFT_OUT.flatMap(({ modules }) => modules);
}

function checkKept(kept: readonly string[], leftOut: readonly string[]): void {
  const unknown = kept.find((module) => !leftOut.includes(module));
  if (unknown !== undefined)
    throw new UsageError(
      `--keep is "${unknown}", which is not left out; give the module that the error names`,
    );
}

function describe({ name, size, zippedSize }: BuiltFunction, budget: number): string {
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
  const over = zippedSize > budget ? `, over the budget of ${kilobytes(budget)}` : '';
  return `${name.padEnd(20)} ${kilobytes(size).padStart(8)}  ${kilobytes(zippedSize).padStart(7)} zipped${over}`;
}
