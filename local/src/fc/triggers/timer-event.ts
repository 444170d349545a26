import type { TimerTriggerSpec } from '../../project/types.ts';

/** Returns the event of a timer trigger; `now` in milliseconds since the epoch. */
export function timerEvent(
  { name, payload = '' }: Pick<TimerTriggerSpec, 'name' | 'payload'>,
  now: number,
): object {
  const triggerTime = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return { triggerTime, triggerName: name, payload };
}
