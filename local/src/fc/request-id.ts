import { randomUUID } from 'node:crypto';

/**
 * Returns a request id in the form of Function Compute 3.0: `1-<seconds, hex>-<8 hex>-<12 hex>`.
 */
export function newRequestId(now: number): string {
  // Node keeps random bytes for these; the parts are those without fixed digits.
  const random = randomUUID();
  return `1-${Math.floor(now / 1000).toString(16)}-${random.slice(0, 8)}-${random.slice(24)}`;
}
