/** The CRC-64 of bytes that come in pieces. */
export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** Returns unsigned decimal, as in OSS's header. Call it once, at the end. */
  digest(): string;
}

/** Up to so many bytes this takes about as long as WebAssembly, which takes three milliseconds to compile. */
export const SMALL_BYTES = 512;

/** Remainders of four bits, as lower and upper halves: numbers of 64 bits would be BigInts, which are slow. */
let tables: [lower: Int32Array, upper: Int32Array] | undefined;

function makeTables(): [lower: Int32Array, upper: Int32Array] {
  const [lower, upper] = [new Int32Array(16), new Int32Array(16)];
  for (let bits = 0; bits < 16; bits++) {
    let [low, high] = [bits, 0];
    for (let bit = 0; bit < 4; bit++) {
      const isOdd = (low & 1) === 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (!isOdd) continue;
      low ^= 0xd787_0f42;
      high ^= 0xc96c_5795;
    }
    lower[bits] = low;
    upper[bits] = high;
  }
  return [lower, upper];
}

/** The CRC-64 of few bytes, as createCrc64 computes it, without WebAssembly. */
export function smallCrc64(): Crc64 {
  tables ??= makeTables();
  const [lower, upper] = tables;
  let sum = { low: -1, high: -1 };
  return {
    update(bytes) {
      let { low, high } = sum;
      // Indexes, and variables of this function alone, take less time than iterators and closures.
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at] as number;
        let bits = (low ^ byte) & 15;
        low = ((low >>> 4) | (high << 28)) ^ (lower[bits] as number);
        high = (high >>> 4) ^ (upper[bits] as number);
        bits = (low ^ (byte >>> 4)) & 15;
        low = ((low >>> 4) | (high << 28)) ^ (lower[bits] as number);
        high = (high >>> 4) ^ (upper[bits] as number);
      }
      sum = { low, high };
    },
    digest: () => ((BigInt(~sum.high >>> 0) << 32n) | BigInt(~sum.low >>> 0)).toString(),
  };
}
