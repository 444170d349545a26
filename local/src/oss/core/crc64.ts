import { type Crc64Module, crc64Module, TABLES_BYTES } from './crc64-wasm.ts';

/** CRC-64 of ECMA-182, reflected, as OSS and xz compute it. */
const POLYNOMIAL_LOW = 0xd7870f42;
const POLYNOMIAL_HIGH = 0xc96c5795;
const POLYNOMIAL = whole(POLYNOMIAL_LOW, POLYNOMIAL_HIGH);
const ALL_ONES = 2n ** 64n - 1n;

/** The module with its tables filled; all sums take turns in it. */
interface Engine extends Pick<Crc64Module, 'update'> {
  tables: BigUint64Array;
  /** Where the bytes go, from TABLES_BYTES on. */
  input: Uint8Array;
}

let engine: Engine | undefined;

/** Made on first use, which takes some two milliseconds. */
function useEngine(): Engine {
  engine ??= makeEngine();
  return engine;
}

function makeEngine(): Engine {
  const { memory, update } = crc64Module();
  const tables = new BigUint64Array(memory.buffer, 0, TABLES_BYTES / 8);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index += 1)
    tables[index] = oneByte(tables, tables[index - 256] as bigint, 0);
  return { tables, update, input: new Uint8Array(memory.buffer, TABLES_BYTES) };
}

function oneByte(tables: BigUint64Array, crc: bigint, byte: number): bigint {
  return (crc >> 8n) ^ (tables[Number(crc & 255n) ^ byte] as bigint);
}

export class Crc64 {
  #crc = ALL_ONES;

  update(chunk: Uint8Array): void {
    const { tables, input, update } = useEngine();
    let crc = this.#crc;
    let at = 0;
    for (let end = chunk.length - (chunk.length % 16); at < end; at += input.length) {
      const piece = chunk.subarray(at, Math.min(end, at + input.length));
      input.set(piece);
      crc = BigInt.asUintN(64, update(crc, TABLES_BYTES, TABLES_BYTES + piece.length));
    }
    for (const byte of chunk.subarray(chunk.length - (chunk.length % 16)))
      crc = oneByte(tables, crc, byte);
    this.#crc = crc;
  }

  /** Unsigned, decimal, as `x-oss-hash-crc64ecma` has it. */
  digest(): string {
    return (this.#crc ^ ALL_ONES).toString();
  }
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
  return (whole(low, high) ^ other).toString();
}

function whole(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
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
