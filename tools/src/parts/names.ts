import { UsageError } from '../command-line/usage-error.ts';

/** `<app>-<name>` has to fit FC's 64 characters with an app's name of 32. */
const MAX_NAME_LENGTH = 31;
/** Commands of the deploy tool: `s <name>` could not select a function of that name. */
const COMMANDS = [
  'clean',
  'component',
  'config',
  'deploy',
  'env',
  'info',
  'init',
  'invoke',
  'preview',
  'registry',
  'remove',
  'secret',
  'set',
  'verify',
];
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Throws UsageError for an invalid function name. */
export function checkName(name: string): void {
  if (name in Object.prototype)
    throw new UsageError(`"${name}" is what every object has; give another name`);
  if (COMMANDS.includes(name))
    throw new UsageError(`"${name}" is a command of the deploy tool; give another name`);
  if (name.length > MAX_NAME_LENGTH)
    throw new UsageError(
      `"${name.slice(0, 40)}…" has ${name.length} characters; give ${MAX_NAME_LENGTH} at most`,
    );
  if (!NAME.test(name))
    throw new UsageError(
      `"${name}" cannot be a function's name; give lower-case letters and digits, parts joined by single hyphens, a letter first`,
    );
}

/** Turns `order-mailer` into `OrderMailer`, which begins its logical ids in the template. */
export function pascal(name: string): string {
  return name.replace(/(^|-)([a-z0-9])/g, (_all, _hyphen, letter: string) => letter.toUpperCase());
}

/** A specifier such as `#shared/oss/upload-grant` does not name the function. */
const OTHER_MODULES = '#(?!functions/)[\\w-]+/[\\w/.-]+';

/**
 * Returns a function that replaces `from` by `to` in a text, whole names only. Names in `known` that
 * contain `from`, such as `order-mailer-two`, and the names of modules stay unchanged.
 */
export function renamer(
  from: string,
  to: string,
  known: readonly string[],
): (text: string) => string {
  const longer = known.filter((name) => name.includes(from) && name !== from);
  const names = [...longer, from].toSorted((a, b) => b.length - a.length);
  const pattern = `${OTHER_MODULES}|(?<![A-Za-z0-9]|[A-Za-z0-9]-)(?:${names.join('|')})(?![A-Za-z0-9])`;
  return (text) => text.replace(new RegExp(pattern, 'g'), (found) => (found === from ? to : found));
}
