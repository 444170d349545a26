import { eventObject, string } from './narrow.ts';

/** A tick of a timer trigger. */
export interface TimerEvent {
  /** When the tick was due: ISO 8601, UTC, whole seconds. */
  triggerTime: string;
  triggerName: string;
  /** The payload of the trigger in s.yaml; empty when it has none, or null. */
  payload: string;
}

/** Parses the event of a timer trigger. Throws an InvalidInputError for anything else. */
export function parseTimerEvent(event: Uint8Array): TimerEvent {
  const fields = eventObject(event, 'timer');
  return {
    triggerTime: string(fields, 'triggerTime', 'timer'),
    triggerName: string(fields, 'triggerName', 'timer'),
    payload: fields.payload == null ? '' : string(fields, 'payload', 'timer'),
  };
}
