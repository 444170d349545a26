import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { combineCrc64 } from '#src/oss/core/combine-crc64';
import { startCrc64 } from '#src/oss/core/crc64';

async function crc64(...chunks: Uint8Array[]): Promise<string> {
  const crc = await startCrc64();
  for (const chunk of chunks) crc.update(chunk);
  return crc.digest();
}

/** Computes it bit by bit, from the definition. */
function slowCrc64(bytes: Uint8Array): string {
  const all = (1n << 64n) - 1n;
  let crc = all;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n;
  }
  return (crc ^ all).toString();
}

describe('the CRC-64 of OSS', () => {
  it('of "123456789" is the check value of ECMA-182', async () => {
    expect(await crc64(Buffer.from('123456789'))).toBe('11051210869376104954');
  });

  it('of nothing is 0', async () => {
    expect(await crc64()).toBe('0');
  });

  it.each([1, 7, 15, 16, 17, 1000, 32_768, 70_001])(
    'of %i bytes is that of its definition',
    async (length) => {
      const bytes = randomBytes(length);
      expect(await crc64(bytes)).toBe(slowCrc64(bytes));
    },
  );

  it('does not depend on where the chunks end', async () => {
    const bytes = randomBytes(100_003);
    const pieces = [bytes.subarray(0, 5), bytes.subarray(5, 70_000), bytes.subarray(70_000)];
    expect(await crc64(...pieces)).toBe(await crc64(bytes));
  });

  it('is right for two streams that come in turns', async () => {
    const [first, second] = [randomBytes(1000), randomBytes(1000)];
    const [a, b] = [await startCrc64(), await startCrc64()];
    for (const [start, end] of [
      [0, 500],
      [500, 1000],
    ]) {
      a.update(first.subarray(start, end));
      b.update(second.subarray(start, end));
    }
    expect([a.digest(), b.digest()]).toEqual([await crc64(first), await crc64(second)]);
  });

  it.each([
    [0, 10],
    [10, 0],
    [1, 1],
    [100, 12_345],
    [70_000, 65_536],
  ])('of %i and %i bytes put together follows from the two', async (a, b) => {
    const first = randomBytes(a);
    const second = randomBytes(b);
    expect(combineCrc64(await crc64(first), await crc64(second), b)).toBe(
      await crc64(first, second),
    );
  });
});
