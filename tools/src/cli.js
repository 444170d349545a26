import { parseArgs } from 'node:util';
import { AppError } from 'fc-kit/handler';
import { LocalCloudError } from '../../local/src/errors.js';
/** An option that is not one, or a value it cannot have. */
export class UsageError extends Error {
    name = 'UsageError';
}
/** The options of a command line without arguments; throws UsageError for what `spec` does not have. */
export function options(spec, args = process.argv.slice(2)) {
    return parse({ args, options: spec, allowPositionals: false }).values;
}
/** The options and arguments of a command line; throws UsageError for an option that `spec` does not have. */
export function commandLine(spec, args = process.argv.slice(2)) {
    return parse({ args, options: spec, allowPositionals: true });
}
function parse(config) {
    try {
        return parseArgs(config);
    }
    catch (error) {
        // The sentences after the first explain Node's own conventions, on lines of their own.
        const [sentence] = error.message.split(/\.\s/);
        throw new UsageError(`${sentence}; --help lists the options`);
    }
}
/** A whole number within limits; throws UsageError. */
export function wholeNumber(name, value, least, most) {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most)
        return number;
    throw new UsageError(`--${name} is "${value}"; give a whole number from ${least} to ${most}`);
}
/** Runs a command. What a person can mend ends it with one line and exit code 1 (2 for wrong usage); anything else is a bug and shows its stack. */
export async function run(main) {
    try {
        await main();
    }
    catch (error) {
        process.exitCode = error instanceof UsageError ? 2 : 1;
        console.error(`error: ${explain(error)}`);
    }
}
/** What went wrong in one line, or a stack for what nobody expected. */
export function explain(error) {
    if (error instanceof LocalCloudError)
        return `${error.message}: ${error.remedy}`;
    // What a service or the environment refuses: code, remedy and request id are in the message.
    if (error instanceof UsageError || error instanceof AppError)
        return error.message;
    // esbuild's BuildFailure: its messages name file and line.
    if (error instanceof Error && 'errors' in error)
        return error.message;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
