export {
  type Claim,
  checkIn,
  parseClaim,
  type Resolved,
  releaseClaim,
  resolveClaim,
} from '../claims/claims.ts';
export { answerMany, answerOne } from './answer.ts';
export { idempotencyKey, type Once } from './once.ts';
export { type Item, type Published, type PublishSettings, publish } from './publish.ts';
