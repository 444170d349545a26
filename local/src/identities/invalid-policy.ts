import { LocalCloudError } from '../errors.ts';

/** `where` names the role and the policy, `what` the thing in it that is wrong or not evaluated here. */
export function invalidPolicy(where: string, what: string, remedy: string): LocalCloudError {
  return new LocalCloudError('InvalidPolicy', `${where}: ${what}`, remedy);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One value or a list of values, as RAM takes them everywhere. */
export function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
