import { describe, expect, it } from 'vitest';
import { combineCrc64 } from '#src/oss/bucket/combine-crc64';
import { crc64, createCrc64 } from '#src/oss/bucket/crc64';
import { SMALL_BYTES } from '#src/oss/bucket/small-crc64';

/** Computes the CRC-64 by its definition, bit by bit. */
function bitwise(bytes: Uint8Array): string {
  let crc = 0xffff_ffff_ffff_ffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 1n ? (crc >> 1n) ^ 0xc96c_5795_d787_0f42n : crc >> 1n;
  }
  return (crc ^ 0xffff_ffff_ffff_ffffn).toString();
}

const sample = (length: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 151 + length * 7) & 0xff);

describe('crc64', () => {
  it('gives the check value of CRC-64/XZ, as OSS does', async () => {
    expect(await crc64(Buffer.from('123456789'))).toBe('11051210869376104954');
  });

  it('is 0 for nothing', async () => {
    expect(await crc64(new Uint8Array())).toBe('0');
  });

  it('agrees with the definition at every length up to some words', async () => {
    for (let length = 0; length <= 64; length++)
      expect(await crc64(sample(length))).toBe(bitwise(sample(length)));
  });

  it('agrees with the definition at lengths of many turns of its inner loop, and some bytes more', async () => {
    for (const length of [65_535, 65_536, 65_537, 65_551, 100_000])
      expect(await crc64(sample(length))).toBe(bitwise(sample(length)));
  });

  it('agrees with the definition for few bytes and for more', async () => {
    for (const length of [SMALL_BYTES - 1, SMALL_BYTES, SMALL_BYTES + 1])
      expect(await crc64(sample(length))).toBe(bitwise(sample(length)));
  });

  it('is the same in pieces of a known size, also if there are more', async () => {
    for (const [size, length] of [
      [0, 0],
      [10, 10],
      [10, 5000],
      [SMALL_BYTES + 1, 20],
    ] as const) {
      const pieces = await createCrc64(size);
      pieces.update(sample(length).subarray(0, 3));
      pieces.update(sample(length).subarray(3));
      expect(pieces.digest()).toBe(bitwise(sample(length)));
    }
  });

  it('is the same of bytes that come in pieces', async () => {
    const whole = sample(200_000);
    for (const at of [0, 1, 7, 8, 9, 70_001, 199_999, 200_000]) {
      const pieces = await createCrc64();
      pieces.update(whole.subarray(0, at));
      pieces.update(whole.subarray(at));
      expect(pieces.digest()).toBe(await crc64(whole));
    }
  });

  it('keeps checksums separate that are computed in turns', async () => {
    const wholes = [sample(1000), sample(999), sample(10)];
    const sums = await Promise.all(wholes.map(() => createCrc64()));
    for (let at = 0; at < 1000; at += 10)
      for (const [index, whole] of wholes.entries())
        sums[index]?.update(whole.subarray(at, at + 10));
    for (const [index, whole] of wholes.entries())
      expect(sums[index]?.digest()).toBe(bitwise(whole));
  });
});

describe('combineCrc64', () => {
  it('returns the CRC-64 of both runs, wherever they meet', async () => {
    const whole = sample(1000);
    for (const at of [0, 1, 8, 255, 256, 999, 1000]) {
      const [first, second] = [whole.subarray(0, at), whole.subarray(at)];
      const sums = [await crc64(first), await crc64(second)] as const;
      expect(combineCrc64(...sums, second.length)).toBe(await crc64(whole));
    }
  });

  it('knows lengths beyond 32 bits: four runs of 2^30 zero bytes are two of 2^31', async () => {
    const gibibyte = 2 ** 30;
    const zero = await crc64(new Uint8Array(1));
    const zeros = (length: number): string => {
      if (length === 1) return zero;
      const half = zeros(length / 2);
      return combineCrc64(half, half, length / 2);
    };
    const one = zeros(gibibyte);
    const four = [one, one, one].reduce((sum, next) => combineCrc64(sum, next, gibibyte), one);
    const eight = combineCrc64(four, four, 4 * gibibyte);
    expect(combineCrc64(four, zeros(4 * gibibyte), 4 * gibibyte)).toBe(eight);
    expect(
      combineCrc64(
        one,
        combineCrc64(one, combineCrc64(one, one, gibibyte), 2 * gibibyte),
        3 * gibibyte,
      ),
    ).toBe(four);
  });
});
