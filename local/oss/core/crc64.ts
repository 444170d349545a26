/** CRC-64 of ECMA-182, reflected, as OSS and xz compute it, on two 32-bit halves. */
const POLYNOMIAL_LOW = 0xd7870f42;
const POLYNOMIAL_HIGH = 0xc96c5795;

/** Eight tables of 256: table k holds the remainder of a byte with k zero bytes behind it. */
const LOW = new Uint32Array(8 * 256);
const HIGH = new Uint32Array(8 * 256);

for (let byte = 0; byte < 256; byte += 1) {
  let low = byte;
  let high = 0;
  for (let bit = 0; bit < 8; bit += 1) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd) {
      low ^= POLYNOMIAL_LOW;
      high ^= POLYNOMIAL_HIGH;
    }
  }
  LOW[byte] = low;
  HIGH[byte] = high;
}
for (let index = 256; index < 8 * 256; index += 1) {
  const low = at(LOW, index - 256);
  const high = at(HIGH, index - 256);
  LOW[index] = ((low >>> 8) | (high << 24)) ^ at(LOW, low & 0xff);
  HIGH[index] = (high >>> 8) ^ at(HIGH, low & 0xff);
}

function at(table: Uint32Array, index: number): number {
  return table[index] as number;
}

export class Crc64 {
  #low = ~0;
  #high = ~0;

  update(chunk: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    let offset = 0;
    for (const end = chunk.length - 7; offset < end; offset += 8) {
      const a = low ^ word(chunk, offset);
      const b = high ^ word(chunk, offset + 4);
      const i = 1792 + (a & 255);
      const j = 1536 + ((a >>> 8) & 255);
      const k = 1280 + ((a >>> 16) & 255);
      const l = 1024 + (a >>> 24);
      const m = 768 + (b & 255);
      const n = 512 + ((b >>> 8) & 255);
      const o = 256 + ((b >>> 16) & 255);
      const p = b >>> 24;
      low =
        at(LOW, i) ^
        at(LOW, j) ^
        at(LOW, k) ^
        at(LOW, l) ^
        at(LOW, m) ^
        at(LOW, n) ^
        at(LOW, o) ^
        at(LOW, p);
      high =
        at(HIGH, i) ^
        at(HIGH, j) ^
        at(HIGH, k) ^
        at(HIGH, l) ^
        at(HIGH, m) ^
        at(HIGH, n) ^
        at(HIGH, o) ^
        at(HIGH, p);
    }
    for (; offset < chunk.length; offset += 1) {
      const index = (low ^ (chunk[offset] as number)) & 255;
      low = ((low >>> 8) | (high << 24)) ^ at(LOW, index);
      high = (high >>> 8) ^ at(HIGH, index);
    }
    this.#low = low;
    this.#high = high;
  }

  /** Unsigned, decimal, as `x-oss-hash-crc64ecma` has it. */
  digest(): string {
    return decimal(~this.#low, ~this.#high);
  }
}

function word(chunk: Uint8Array, offset: number): number {
  return (
    (chunk[offset] as number) |
    ((chunk[offset + 1] as number) << 8) |
    ((chunk[offset + 2] as number) << 16) |
    ((chunk[offset + 3] as number) << 24)
  );
}

function decimal(low: number, high: number): string {
  return ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString();
}

/** The checksum of two pieces put together, of their own checksums and the length in bytes of the second. */
export function combineCrc64(first: string, second: string, secondLength: number): string {
  const value = BigInt(first);
  let low = Number(value & 0xffffffffn) | 0;
  let high = Number(value >> 32n) | 0;
  for (let power = 0, left = secondLength; left > 0; power += 1, left = Math.floor(left / 2)) {
    if (left % 2 === 1) [low, high] = times(zeroBytes(power), low, high);
  }
  const other = BigInt(second);
  return decimal(low ^ Number(other & 0xffffffffn), high ^ Number(other >> 32n));
}

/** A linear map on 64 bits: where each bit goes, low half and high half in turn. */
type BitMatrix = Int32Array;

/** Powers of two, in zero bytes. */
const powers: BitMatrix[] = [];

/** What 2 to the `power` zero bytes do to a remainder. */
function zeroBytes(power: number): BitMatrix {
  const known = powers[power];
  if (known) return known;
  const matrix = power === 0 ? square(square(square(zeroBit()))) : square(zeroBytes(power - 1));
  powers[power] = matrix;
  return matrix;
}

function zeroBit(): BitMatrix {
  const matrix = new Int32Array(128);
  matrix[0] = POLYNOMIAL_LOW;
  matrix[1] = POLYNOMIAL_HIGH;
  for (let bit = 1; bit < 64; bit += 1) {
    const to = bit - 1;
    matrix[2 * bit + (to < 32 ? 0 : 1)] = 1 << (to % 32);
  }
  return matrix;
}

function square(matrix: BitMatrix): BitMatrix {
  const result = new Int32Array(128);
  for (let bit = 0; bit < 64; bit += 1)
    result.set(times(matrix, matrix[2 * bit] as number, matrix[2 * bit + 1] as number), 2 * bit);
  return result;
}

function times(matrix: BitMatrix, low: number, high: number): [low: number, high: number] {
  let lowSum = 0;
  let highSum = 0;
  for (let bit = 0; bit < 64; bit += 1) {
    const half = bit < 32 ? low : high;
    if (((half >>> (bit % 32)) & 1) === 0) continue;
    lowSum ^= matrix[2 * bit] as number;
    highSum ^= matrix[2 * bit + 1] as number;
  }
  return [lowSum, highSum];
}
