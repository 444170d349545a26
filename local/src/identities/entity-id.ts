import { createHash } from 'node:crypto';

const DIGITS = 18;

/** An id of digits such as RAM gives users and roles: the same for the same ARN, run after run. */
export function entityId(arn: string): string {
  const number = createHash('sha256').update(arn).digest().readBigUInt64BE();
  return number.toString().padStart(DIGITS, '3').slice(-DIGITS);
}
