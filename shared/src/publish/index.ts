export {
  type ClaimCheck,
  checkIn,
  parseClaim,
  type Resolved,
  resolveClaim,
} from '../claims/claim-checks.ts';
export { answerMany, answerOne } from './answer.ts';
export { idempotencyKey, type Once, onceByHeader } from './once.ts';
export { type Item, type Published, type PublishSettings, publish } from './publish.ts';
