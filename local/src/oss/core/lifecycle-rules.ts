import type { LifecycleAge, LifecycleRule } from '../spec.ts';
import type { ObjectRecord, UploadRecord } from '../store/types.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * Returns whether one of the rules removes the object. `now` is in milliseconds since the epoch.
 */
export function isExpired(
  rules: readonly LifecycleRule[],
  { key, tags, lastModified }: ObjectRecord,
  now: number,
): boolean {
  return rules.some(
    (rule) =>
      rule.enabled &&
      key.startsWith(rule.prefix) &&
      rule.tags.every(([name, value]) => tags.some(([a, b]) => a === name && b === value)) &&
      isOld(rule.expiration, lastModified, now),
  );
}

/** Returns whether one of the rules aborts the upload. */
export function isAbandoned(
  rules: readonly LifecycleRule[],
  { key, initiated }: UploadRecord,
  now: number,
): boolean {
  return rules.some(
    (rule) =>
      rule.enabled &&
      key.startsWith(rule.prefix) &&
      isOld(rule.abortMultipartUpload, initiated, now),
  );
}

function isOld(age: LifecycleAge | undefined, time: number, now: number): boolean {
  if (!age) return false;
  return 'days' in age ? time + age.days * DAY_MS <= now : time < age.createdBefore;
}

/** Returns the milliseconds until the next midnight UTC, when OSS applies the rules. */
export function untilNextRun(now: number): number {
  return DAY_MS - (now % DAY_MS);
}

/** Returns two rules with the same effect on some key, if there are any. */
export function overlapping(
  rules: readonly LifecycleRule[],
): [LifecycleRule, LifecycleRule] | undefined {
  for (const action of ['expiration', 'abortMultipartUpload'] as const) {
    const sorted = rules
      .filter((rule) => rule[action] !== undefined && rule.tags.length === 0)
      .sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
    for (const [index, rule] of sorted.entries()) {
      const next = sorted[index + 1];
      if (next?.prefix.startsWith(rule.prefix)) return [rule, next];
    }
  }
  return undefined;
}
