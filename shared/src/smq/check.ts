import { AppError, ConfigurationError, InvalidInputError } from '../errors/errors.ts';
import { MAX_NAME_LENGTH, MAX_TAG_LENGTH } from './limits.ts';

/**
 * Returns the valid name of a queue, topic or subscription. It becomes part of the path, so anything else
 * throws a ConfigurationError (`InvalidName`).
 */
export function checkName(kind: 'Queue' | 'Topic' | 'Subscription', name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name) && name.length <= MAX_NAME_LENGTH) return name;
  throw new ConfigurationError(`${kind} name is "${name}"`, {
    code: 'InvalidName',
    remedy: `use letters, digits and -, beginning with a letter or a digit, ${MAX_NAME_LENGTH} at most`,
  });
}

/** Returns an option that must be a whole number in a range, or absent. Throws an AppError (`InvalidArgument`). */
export function checkRange(
  name: string,
  value: number | undefined,
  low: number,
  high: number,
): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high))
    return value;
  throw new AppError(`${name} is ${value}`, {
    code: 'InvalidArgument',
    remedy: `give a whole number from ${low} to ${high}`,
  });
}

/** Returns a valid filter tag: tags match whole and are short. Throws an InvalidInputError (`InvalidTag`). */
export function checkTag(tag: string | undefined): string | undefined {
  if (tag === undefined || (tag.length > 0 && tag.length <= MAX_TAG_LENGTH)) return tag;
  throw new InvalidInputError(`Filter tag "${tag}" has ${tag.length} characters`, {
    code: 'InvalidTag',
    remedy: `use 1 to ${MAX_TAG_LENGTH}`,
  });
}
