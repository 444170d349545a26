import { createHash } from 'node:crypto';

const DIGITS = 18;

/**
 * Returns an id of digits like those of RAM's users and roles: always the same for the same ARN.
 */
export function entityId(arn: string): string {
  const number = createHash('sha256').update(arn).digest().readBigUInt64BE();
  return number.toString().padStart(DIGITS, '3').slice(-DIGITS);
}
