export { type IdempotentOutcome, idempotent } from './idempotent.ts';
export { type OssIdempotencyOptions, ossIdempotency } from './oss.ts';
export type { IdempotencyStore, KeyState } from './store.ts';
