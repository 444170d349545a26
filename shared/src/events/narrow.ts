import { InvalidInputError } from '../errors/errors.ts';
import { parseJson } from '../schema/validate.ts';

export type Fields = Record<string, unknown>;

/**
 * Returns the event's JSON as an object. Throws an InvalidInputError that names the trigger it should have
 * come from.
 */
export function eventObject(event: Uint8Array, trigger: string): Fields {
  return object(parseJson(event, `Event of the ${trigger} trigger`), trigger, 'event');
}

export function object(value: unknown, trigger: string, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw unexpected(trigger, name, 'an object');
}

export function array(value: unknown, trigger: string, name: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw unexpected(trigger, name, 'an array');
}

export function string(fields: Fields, key: string, trigger: string): string {
  const value = fields[key];
  if (typeof value === 'string') return value;
  throw unexpected(trigger, key, 'a string');
}

export function optionalString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function unexpected(trigger: string, name: string, wanted: string): InvalidInputError {
  return new InvalidInputError(`Event of the ${trigger} trigger: "${name}" is not ${wanted}`, {
    code: 'UnexpectedEvent',
    remedy: `check in s.yaml that the function's trigger is of type ${trigger}`,
    issues: [{ path: name, message: `expected ${wanted}` }],
  });
}
