import { lineWith, placeOf } from '../../project/places.ts';
import { type ProjectView, TEMPLATE_FILE } from '../../project/view.ts';
import type { Finding } from '../finding.ts';

const MAX_TAG_LENGTH = 16;

/** Avoids traps of the deploy tool: requires eventbridge triggers last, and a role wherever another service invokes. */
export function triggers(view: ProjectView): Finding[] {
  return [...view.project.functions.flatMap((fn) => triggersOf(view, fn)), ...tags(view)];
}

function triggersOf(view: ProjectView, fn: ProjectView['project']['functions'][number]): Finding[] {
  const first = fn.triggers.findIndex(({ type }) => type === 'eventbridge');
  const late =
    first < 0 ? [] : fn.triggers.slice(first).filter((one) => one.type !== 'eventbridge');
  const findings: Finding[] = late.map(({ name }) => ({
    source: placeOf(view, fn, 'triggers'),
    problem: `trigger "${name}" of "${fn.resource}" comes after one of type eventbridge`,
    remedy: 'list eventbridge last: while it is unchanged, s deploy skips every trigger after it',
  }));
  for (const trigger of fn.triggers)
    if ((trigger.type === 'oss' || trigger.type === 'mns_topic') && !trigger.invocationRole)
      findings.push({
        source: trigger.source,
        problem: `trigger "${trigger.name}" of "${fn.resource}" has no invocationRole`,
        remedy: `name a role of ${TEMPLATE_FILE}: without one, s deploy creates a role that may invoke every function`,
      });
  return findings;
}

/** Checks the tags of subscriptions; those of triggers are checked when s.yaml is read. */
function tags(view: ProjectView): Finding[] {
  return view.project.subscriptions
    .filter(({ filterTag = '' }) => filterTag.length > MAX_TAG_LENGTH)
    .map(({ name, filterTag = '' }) => ({
      source: lineWith(view, TEMPLATE_FILE, filterTag),
      problem: `the tag of subscription ${name} has ${filterTag.length} characters`,
      remedy: `give ${MAX_TAG_LENGTH} at most`,
    }));
}
