import { type Crc64Module, crc64Module, TABLES_BYTES } from './crc64-wasm.ts';

/** Reflected polynomial of CRC-64/XZ (ECMA-182), in two halves. */
const POLYNOMIAL_HIGH = 0xc96c5795;
const POLYNOMIAL_LOW = 0xd7870f42;
const POLYNOMIAL = joined(POLYNOMIAL_HIGH, POLYNOMIAL_LOW);

/** The remainder of each byte, in two halves. */
const HIGH = new Uint32Array(256);
const LOW = new Uint32Array(256);
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

/** Fewer bytes are summed in JavaScript: compiling the WebAssembly, once, takes two milliseconds. */
const MANY = 64 * 1024;

/** The CRC-64 that OSS gives as `x-oss-hash-crc64ecma`, of bytes that come in pieces; large pieces are faster. */
export class Crc64 {
  #high = 0xffffffff;
  #low = 0xffffffff;

  update(bytes: Uint8Array): this {
    const many = bytes.length < MANY ? 0 : bytes.length - (bytes.length % 16);
    if (many > 0) this.#sixteens(bytes.subarray(0, many));
    let high = this.#high;
    let low = this.#low;
    for (let at = many; at < bytes.length; at++) {
      const index = (low ^ (bytes[at] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[index] as number);
      high = (high >>> 8) ^ (HIGH[index] as number);
    }
    this.#high = high;
    this.#low = low;
    return this;
  }

  #sixteens(bytes: Uint8Array): void {
    loop ??= makeLoop();
    const { room, update } = loop;
    let crc = joined(this.#high, this.#low);
    for (let at = 0; at < bytes.length; at += room.length) {
      const piece = bytes.subarray(at, at + room.length);
      room.set(piece);
      crc = update(crc, TABLES_BYTES, TABLES_BYTES + piece.length);
    }
    this.#high = Number((crc >> 32n) & 0xffffffffn);
    this.#low = Number(crc & 0xffffffffn);
  }

  /** Unsigned decimal, as in OSS's header. */
  digest(): string {
    return joined(~this.#high, ~this.#low).toString();
  }
}

function joined(high: number, low: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

interface Loop extends Pick<Crc64Module, 'update'> {
  /** Where its input goes, behind the tables. */
  room: Uint8Array;
}

/** Compiled on first use, for all sums. */
let loop: Loop | undefined;

function makeLoop(): Loop {
  const { memory, update } = crc64Module();
  const tables = new BigUint64Array(memory.buffer, 0, TABLES_BYTES / 8);
  for (let byte = 0; byte < 256; byte++)
    tables[byte] = joined(HIGH[byte] as number, LOW[byte] as number);
  for (let index = 256; index < tables.length; index++) {
    const before = tables[index - 256] as bigint;
    tables[index] = (before >> 8n) ^ (tables[Number(before & 0xffn)] as bigint);
  }
  return { room: new Uint8Array(memory.buffer, TABLES_BYTES), update };
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
