import type { Fields } from '../fields.ts';
import type { TimerTriggerSpec } from '../types.ts';

/** An empty payload is none. Whether the cronExpression can be understood is checked where the timer runs. */
export function readTimerTrigger(fields: Fields, config: Fields): TimerTriggerSpec {
  config.require('enable');
  const tree = config.get('payload');
  const empty = tree?.kind === 'scalar' && tree.value === '';
  const payload = empty ? undefined : config.string('payload');
  return {
    type: 'timer',
    name: fields.requireString('triggerName'),
    cronExpression: config.requireString('cronExpression'),
    source: config.get('cronExpression')?.source ?? config.source,
    enable: config.boolean('enable') ?? true,
    ...(payload !== undefined && { payload }),
  };
}
