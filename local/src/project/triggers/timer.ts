import type { Fields } from '../fields.ts';
import { parseSchedule } from '../schedule.ts';
import type { TimerTriggerSpec } from '../types.ts';

/** Reads a timer trigger; an empty payload is none. Throws for an invalid cronExpression. */
export function readTimerTrigger(fields: Fields, config: Fields): TimerTriggerSpec {
  config.require('enable');
  const tree = config.get('payload');
  const empty = tree?.kind === 'scalar' && tree.value === '';
  const payload = empty ? undefined : config.string('payload');
  return {
    type: 'timer',
    name: fields.requireString('triggerName'),
    cronExpression: readExpression(config),
    source: config.get('cronExpression')?.source ?? config.source,
    enable: config.boolean('enable') ?? true,
    ...(payload !== undefined && { payload }),
  };
}

function readExpression(config: Fields): string {
  const expression = config.requireString('cronExpression');
  try {
    parseSchedule(expression);
    return expression;
  } catch (error) {
    throw config.fault(
      'cronExpression',
      `is "${expression}": ${(error as Error).message}`,
      'give @every 5m, or six fields such as 0 */5 * * * *, with CRON_TZ=<zone> in front for another zone than UTC',
    );
  }
}
