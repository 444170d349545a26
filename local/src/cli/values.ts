import { UsageError } from './errors.ts';

/** Reads the value of one option. Throws UsageError for an invalid one. */
export type ReadValue<T> = (value: string) => T;

/** Reads a whole number from `min` to `max`. */
export function wholeNumber(option: string, min: number, max: number): ReadValue<number> {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    throw new UsageError(`${option} is "${value}"; give a whole number from ${min} to ${max}`);
  };
}

/** Reads a text that matches; `wanted` describes the form. */
export function matching(option: string, pattern: RegExp, wanted: string): ReadValue<string> {
  return (value) => {
    if (pattern.test(value)) return value;
    throw new UsageError(`${option} is "${value}"; give ${wanted}`);
  };
}

/** Reads a secret that matches: an invalid one is not repeated in the error. */
export function secretMatching(option: string, pattern: RegExp, reason: string): ReadValue<string> {
  return (value) => {
    if (pattern.test(value)) return value;
    throw new UsageError(`${option} ${reason}`);
  };
}

/** Reads a comma-separated list, each item one of `known`. */
export function listOf<const T extends string>(
  option: string,
  known: readonly T[],
): ReadValue<T[]> {
  const item = (name: string): T => {
    const found = known.find((one) => one === name.trim());
    if (found) return found;
    throw new UsageError(`${option} has "${name}"; give some of ${known.join(', ')}`);
  };
  return (value) => value.split(',').map(item);
}
