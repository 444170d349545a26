import { LocalCloudError } from '../errors.ts';

/**
 * Returns the error; `where` names the role and the policy, `what` the part of it that is wrong or
 * not evaluated here.
 */
export function invalidPolicy(where: string, what: string, remedy: string): LocalCloudError {
  return new LocalCloudError('InvalidPolicy', `${where}: ${what}`, remedy);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns one value or a list of values, which RAM accepts everywhere, as a list. */
export function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
