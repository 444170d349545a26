import { timingSafeEqual } from 'node:crypto';

/** Compares signatures and tokens in a time that does not depend on how much of them matches. */
export function equalInConstantTime(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
