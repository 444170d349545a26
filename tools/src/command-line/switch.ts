import { UsageError } from './usage-error.ts';

const WORDS: Readonly<Record<string, boolean>> = {
  ...{ 1: true, true: true, yes: true, on: true },
  ...{ 0: false, false: false, no: false, off: false },
};

/**
 * Returns what a variable says that switches something on or off: `1`, `true`, `yes`, `on`, or `0`,
 * `false`, `no`, `off`, in small or capital letters; undefined when it is empty or not set. Throws a
 * UsageError for any other value.
 */
export function readSwitch(name: string, env: NodeJS.ProcessEnv): boolean | undefined {
  const value = env[name]?.trim();
  if (!value) return undefined;
  const word = value.toLowerCase();
  if (Object.hasOwn(WORDS, word)) return WORDS[word];
  throw new UsageError(`${name} is "${value}"; give 1 or 0`);
}
