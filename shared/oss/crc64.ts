/** Reflected polynomial of CRC-64/XZ (ECMA-182), in two halves. */
const POLYNOMIAL_HIGH = 0xc96c5795;
const POLYNOMIAL_LOW = 0xd7870f42;
const POLYNOMIAL = (BigInt(POLYNOMIAL_HIGH) << 32n) | BigInt(POLYNOMIAL_LOW);

/** Tables for eight bytes at a time: entry `256 * k + b` is byte b followed by k zero bytes. */
const HIGH = new Uint32Array(256 * 8);
const LOW = new Uint32Array(256 * 8);
fillTables();

/** The CRC-64 that OSS gives as `x-oss-hash-crc64ecma`, of bytes that come in pieces. */
export class Crc64 {
  #high = 0xffffffff;
  #low = 0xffffffff;

  update(bytes: Uint8Array): this {
    let high = this.#high;
    let low = this.#low;
    const whole = bytes.length - (bytes.length % 8);
    let at = 0;
    for (; at < whole; at += 8) {
      const a = low ^ word(bytes, at);
      const b = high ^ word(bytes, at + 4);
      high = eightBytes(HIGH, a, b);
      low = eightBytes(LOW, a, b);
    }
    for (; at < bytes.length; at++) {
      const index = (low ^ (bytes[at] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[index] as number);
      high = (high >>> 8) ^ (HIGH[index] as number);
    }
    this.#high = high;
    this.#low = low;
    return this;
  }

  /** Unsigned decimal, as in OSS's header. */
  digest(): string {
    const high = BigInt(~this.#high >>> 0);
    const low = BigInt(~this.#low >>> 0);
    return ((high << 32n) | low).toString();
  }
}

/** The CRC-64 of bytes, as OSS gives it: unsigned decimal. `123456789` gives 11051210869376104954. */
export function crc64(bytes: Uint8Array): string {
  return new Crc64().update(bytes).digest();
}

/** x^0, and x^(2^n) for n from 0 on: products of these shift by any number of bits. */
const ONE = 1n << 63n;
const POWERS: bigint[] = [1n << 62n];

/**
 * The CRC-64 of two runs of bytes, one after the other, made of the two CRC-64s and the second
 * run's length in bytes. Takes a fraction of a millisecond at any length.
 */
export function combineCrc64(first: string, second: string, secondLength: number): string {
  let shift = ONE;
  // Bits of the length in bytes, beginning with x^8: three squares above x.
  for (let rest = secondLength, power = 3; rest > 0; rest = Math.floor(rest / 2), power++)
    if (rest % 2 === 1) shift = product(shift, powerOfTwo(power));
  return (product(shift, BigInt(first)) ^ BigInt(second)).toString();
}

/** x^(2^n). */
function powerOfTwo(n: number): bigint {
  for (let last = POWERS.length - 1; last < n; last++) {
    const root = POWERS[last] as bigint;
    POWERS.push(product(root, root));
  }
  return POWERS[n] as bigint;
}

/** Product of two polynomials modulo the CRC's, the highest bit being x^0. */
function product(a: bigint, b: bigint): bigint {
  let sum = 0n;
  for (let bit = ONE, shifted = b; bit > 0n; bit >>= 1n) {
    if (a & bit) sum ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n;
  }
  return sum;
}

function eightBytes(table: Uint32Array, a: number, b: number): number {
  return (
    (table[1792 + (a & 0xff)] as number) ^
    (table[1536 + ((a >>> 8) & 0xff)] as number) ^
    (table[1280 + ((a >>> 16) & 0xff)] as number) ^
    (table[1024 + (a >>> 24)] as number) ^
    (table[768 + (b & 0xff)] as number) ^
    (table[512 + ((b >>> 8) & 0xff)] as number) ^
    (table[256 + ((b >>> 16) & 0xff)] as number) ^
    (table[b >>> 24] as number)
  );
}

/** Four bytes, little-endian. */
function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function fillTables(): void {
  for (let byte = 0; byte < 256; byte++) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit++) {
      const carry = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (carry) {
        high ^= POLYNOMIAL_HIGH;
        low ^= POLYNOMIAL_LOW;
      }
    }
    HIGH[byte] = high;
    LOW[byte] = low;
  }
  for (let index = 256; index < HIGH.length; index++) {
    const high = HIGH[index - 256] as number;
    const low = LOW[index - 256] as number;
    const carry = low & 0xff;
    LOW[index] = ((low >>> 8) | (high << 24)) ^ (LOW[carry] as number);
    HIGH[index] = (high >>> 8) ^ (HIGH[carry] as number);
  }
}
