export { type OssIdempotencyOptions, ossIdempotency } from './oss.ts';
export type { IdempotencyStore } from './store.ts';
