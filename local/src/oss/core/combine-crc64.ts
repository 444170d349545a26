/** The polynomial of ECMA-182, reflected, in two halves. */
const POLYNOMIAL_LOW = 0xd7870f42;
const POLYNOMIAL_HIGH = 0xc96c5795;

/**
 * Computes the checksum of two pieces joined, from the checksum of each and the length of the
 * second in bytes.
 */
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

/** A linear map on 64 bits: the image of each bit, low half and high half in turn. */
type BitMatrix = Int32Array;

/** Maps for powers of two zero bytes, by exponent. */
const powers: BitMatrix[] = [];

/** Returns the map by which 2 to the `power` zero bytes change a remainder. */
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
