/** Reflected polynomial of CRC-64/XZ (ECMA-182). */
const POLYNOMIAL = 0xc96c5795d7870f42n;

/** x^0, and x^(2^n) for n from 0: products of these shift by any number of bits. */
const ONE = 1n << 63n;
const POWERS: bigint[] = [1n << 62n];

/**
 * Returns the CRC-64 of two consecutive runs of bytes from their CRC-64s and the second run's length in
 * bytes. Takes a fraction of a millisecond at any length.
 */
export function combineCrc64(first: string, second: string, secondLength: number): string {
  let shift = ONE;
  // Bits of the length in bytes, beginning with x^8: three squarings above x.
  for (let rest = secondLength, power = 3; rest > 0; rest = Math.floor(rest / 2), power++)
    if (rest % 2 === 1) shift = product(shift, powerOfTwo(power));
  return (product(shift, BigInt(first)) ^ BigInt(second)).toString();
}

/** Returns x^(2^n). */
function powerOfTwo(n: number): bigint {
  for (let last = POWERS.length - 1; last < n; last++) {
    const root = POWERS[last] as bigint;
    POWERS.push(product(root, root));
  }
  return POWERS[n] as bigint;
}

/** Returns the product of two polynomials modulo the CRC's, the highest bit being x^0. */
function product(a: bigint, b: bigint): bigint {
  let sum = 0n;
  for (let bit = ONE, shifted = b; bit > 0n; bit >>= 1n) {
    if (a & bit) sum ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n;
  }
  return sum;
}
