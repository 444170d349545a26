import { invalidProject } from './invalid-project.ts';
import type { FunctionSpec, OssTriggerSpec } from './types.ts';

/** Refuses, as OSS does, two triggers of one bucket for the same event whose prefixes and suffixes overlap. */
export function checkOverlaps(functions: readonly FunctionSpec[]): void {
  const triggers = functions.flatMap((fn) =>
    fn.triggers.flatMap((trigger) => (trigger.type === 'oss' ? [{ fn, trigger }] : [])),
  );
  for (const [index, { fn, trigger }] of triggers.entries()) {
    const other = triggers.slice(0, index).find((one) => overlap(one.trigger, trigger));
    if (other)
      throw invalidProject(
        trigger.source,
        `Function "${fn.resource}", trigger "${trigger.name}" overlaps trigger "${other.trigger.name}" of "${other.fn.resource}" (${other.trigger.source}), which OSS refuses`,
        'give each a prefix of its own, or other events',
      );
  }
}

function overlap(a: OssTriggerSpec, b: OssTriggerSpec): boolean {
  return (
    a.bucket === b.bucket &&
    a.events.some((one) => b.events.some((other) => covers(one, other) || covers(other, one))) &&
    (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix)) &&
    (a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix))
  );
}

/** `oss:ObjectCreated:*` covers each event that begins as it does. */
function covers(event: string, other: string): boolean {
  return event.endsWith('*') ? other.startsWith(event.slice(0, -1)) : event === other;
}
