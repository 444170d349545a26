import type { FunctionSpec } from '../../../../local/src/project/types.ts';
import { consumptions } from '../consumers.ts';
import { type Finding, type House, lineWith, placeOf, TEMPLATE_FILE } from '../house.ts';

/** SMQ's own, in seconds. */
const DEFAULT_VISIBILITY = 30;

/** A message in hand is handed to nobody else while the function may still be at it, and one that always fails is set aside. */
export function queues(house: House): Finding[] {
  return consumptions(house).flatMap(({ fn, queue }) => {
    const visibility = queue.visibilityTimeout ?? DEFAULT_VISIBILITY;
    const findings: Finding[] = [];
    if (visibility < fn.timeout)
      findings.push({
        source: placeOf(house, fn, 'timeout'),
        problem: `"${fn.resource}" may run for ${fn.timeout} seconds, and messages of ${queue.name} come back after ${visibility}`,
        remedy: `raise the queue's VisibilityTimeout in ${TEMPLATE_FILE} to ${fn.timeout} or more`,
      });
    // EventBridge takes messages off the queue and has dead letters of its own.
    if (!queue.deadLetter && !pushesDeadLetters(fn, queue.name))
      findings.push({
        source: queuePlace(house, queue.name),
        problem: `"${fn.resource}" consumes ${queue.name}, which has no dead-letter queue`,
        remedy: 'give it a DlqPolicy, so that a message that always fails is set aside',
      });
    return findings;
  });
}

function pushesDeadLetters({ triggers }: FunctionSpec, queue: string): boolean {
  return triggers.some(
    (one) => one.type === 'eventbridge' && one.queue === queue && one.deadLetterQueue !== undefined,
  );
}

/** Where the queue's name stands in the template, written with the app's name in front. */
function queuePlace(house: House, name: string): string {
  const suffix = name.slice(house.project.name.length);
  return lineWith(house, TEMPLATE_FILE, `'\${AppName}${suffix}'`);
}
