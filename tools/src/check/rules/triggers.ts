import { type Finding, type House, lineWith, placeOf, TEMPLATE_FILE } from '../house.ts';

const LONGEST_TAG = 16;

/** Traps of the deploy tool: eventbridge triggers last, and a role wherever another service invokes. */
export function triggers(house: House): Finding[] {
  return [...house.project.functions.flatMap((fn) => triggersOf(house, fn)), ...tags(house)];
}

function triggersOf(house: House, fn: House['project']['functions'][number]): Finding[] {
  const first = fn.triggers.findIndex(({ type }) => type === 'eventbridge');
  const late =
    first < 0 ? [] : fn.triggers.slice(first).filter((one) => one.type !== 'eventbridge');
  const findings: Finding[] = late.map(({ name }) => ({
    source: placeOf(house, fn, 'triggers'),
    problem: `trigger "${name}" of "${fn.resource}" stands after one of type eventbridge`,
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

/** Of subscriptions; those of triggers are held when s.yaml is read. */
function tags(house: House): Finding[] {
  return house.project.subscriptions
    .filter(({ filterTag = '' }) => filterTag.length > LONGEST_TAG)
    .map(({ name, filterTag = '' }) => ({
      source: lineWith(house, TEMPLATE_FILE, filterTag),
      problem: `the tag of subscription ${name} has ${filterTag.length} characters`,
      remedy: `give ${LONGEST_TAG} at most`,
    }));
}
