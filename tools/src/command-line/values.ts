import { Option } from 'commander';
import { UsageError } from './usage-error.ts';

/**
 * Makes an option that takes a whole number within limits, which its help names; throws UsageError for any
 * other value.
 */
export function wholeNumber(
  flags: string,
  description: string,
  [min, max]: readonly [number, number],
): Option {
  const option = new Option(flags, `${description}, ${min} to ${max}`);
  return option.argParser((text: string) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new UsageError(`${option.long} is "${text}"; give a whole number from ${min} to ${max}`);
  });
}

/** Makes an option that takes one of some values, which its help lists; throws UsageError for any other value. */
export function choice(flags: string, description: string, values: readonly string[]): Option {
  const option = new Option(flags, description).choices(values);
  return option.argParser((text: string) => {
    if (values.includes(text)) return text;
    throw new UsageError(`${option.long} is "${text}"; give ${values.join(', ')}`);
  });
}
