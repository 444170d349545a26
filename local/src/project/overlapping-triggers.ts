import type { Findings } from './findings.ts';
import { invalidProject } from './invalid-project.ts';
import type { FunctionSpec, OssTriggerSpec } from './types.ts';

/**
 * Leaves out the second of two triggers of one bucket for the same event whose prefixes and
 * suffixes overlap, as OSS refuses it.
 */
export function withoutOverlaps(
  functions: readonly FunctionSpec[],
  findings: Findings,
): FunctionSpec[] {
  const kept: { fn: FunctionSpec; trigger: OssTriggerSpec }[] = [];
  const stands = (fn: FunctionSpec, trigger: OssTriggerSpec) => {
    const place = {
      what: `Trigger "${trigger.name}" of "${fn.resource}"`,
      resource: fn.resource,
      source: trigger.source,
    };
    return findings.attempt(place, () => {
      const other = kept.find((one) => overlap(one.trigger, trigger));
      if (other)
        throw invalidProject(
          trigger.source,
          `Function "${fn.resource}", trigger "${trigger.name}" overlaps trigger "${other.trigger.name}" of "${other.fn.resource}" (${other.trigger.source}), which OSS refuses`,
          'give each a prefix of its own, or other events',
        );
      kept.push({ fn, trigger });
      return true;
    });
  };
  return functions.map((fn) => ({
    ...fn,
    triggers: fn.triggers.filter((trigger) => trigger.type !== 'oss' || stands(fn, trigger)),
  }));
}

function overlap(a: OssTriggerSpec, b: OssTriggerSpec): boolean {
  return (
    a.bucket === b.bucket &&
    a.events.some((one) => b.events.some((other) => covers(one, other) || covers(other, one))) &&
    (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix)) &&
    (a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix))
  );
}

/**
 * Returns whether an event covers another; `oss:ObjectCreated:*` covers each event that begins with
 * it.
 */
function covers(event: string, other: string): boolean {
  return event.endsWith('*') ? other.startsWith(event.slice(0, -1)) : event === other;
}
