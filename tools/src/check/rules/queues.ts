import type { FunctionSpec } from 'fc-local/project';
import { lineWith, placeOf } from '../../project/places.ts';
import { type ProjectView, TEMPLATE_FILE } from '../../project/view.ts';
import { consumptions } from '../consumers.ts';
import type { Finding } from '../finding.ts';

/** SMQ's default, in seconds. */
const DEFAULT_VISIBILITY = 30;

/**
 * Requires that a message in hand is not delivered again while the function may still be handling it, and
 * that one that always fails is set aside.
 */
export function queues(view: ProjectView): Finding[] {
  return consumptions(view).flatMap(({ fn, queue }) => {
    const visibility = queue.visibilityTimeout ?? DEFAULT_VISIBILITY;
    const findings: Finding[] = [];
    if (visibility < fn.timeout)
      findings.push({
        source: placeOf(view, fn, 'timeout'),
        problem: `"${fn.resource}" may run for ${fn.timeout} seconds, and messages of ${queue.name} come back after ${visibility}`,
        remedy: `raise the queue's VisibilityTimeout in ${TEMPLATE_FILE} to ${fn.timeout} or more`,
      });
    // EventBridge takes messages off the queue and has its own dead letters.
    if (!queue.deadLetter && !pushesDeadLetters(fn, queue.name))
      findings.push({
        source: queuePlace(view, queue.name),
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

/** Returns where the queue's name is in the template, which has the app's name in front. */
function queuePlace(view: ProjectView, name: string): string {
  const suffix = name.slice(view.project.name.length);
  return lineWith(view, TEMPLATE_FILE, `'\${AppName}${suffix}'`);
}
