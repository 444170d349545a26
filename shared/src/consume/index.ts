export { queueQuarantine } from './dead-letters.ts';
export { type DrainOptions, drain } from './drain.ts';
export { handleBatch } from './handle-batch.ts';
export { fromNotification, fromQueueEvents } from './incoming.ts';
export {
  ossQuarantine,
  QUARANTINE_PREFIX,
  type Quarantine,
  type QuarantineEntry,
  quarantineEntry,
  quarantineKey,
  UNKNOWN_SOURCE,
} from './quarantine.ts';
export type {
  ConsumeOptions,
  ConsumeReport,
  Delivery,
  Handle,
  Idempotency,
  Incoming,
  Opened,
  Source,
} from './types.ts';
