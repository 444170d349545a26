export type { BodyEncoding } from '../events/body-encoding.ts';
export type { BackOff } from './back-off.ts';
export { type DrainOptions, drain } from './drain.ts';
export { handleBatch } from './handle-batch.ts';
export { fromNotification, fromQueueEvents } from './incoming.ts';
export { type Incoming, type Source, UNKNOWN_SOURCE } from './message.ts';
export type { ConsumeOptions, ConsumeReport, Delivery, Handle, Idempotency } from './options.ts';
export {
  ossQuarantine,
  QUARANTINE_PREFIX,
  type Quarantine,
  type QuarantineEntry,
} from './quarantine.ts';
