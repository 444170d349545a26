import { describe, expect, it } from 'vitest';
import { Crc64, crc64 } from '#shared/oss/crc64';

/** The definition, bit by bit. */
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
  it('gives the check value of CRC-64/XZ, as OSS does', () => {
    expect(crc64(Buffer.from('123456789'))).toBe('11051210869376104954');
  });

  it('is 0 for nothing', () => {
    expect(crc64(new Uint8Array())).toBe('0');
  });

  it('agrees with the definition at every length up to some words', () => {
    for (let length = 0; length <= 64; length++)
      expect(crc64(sample(length))).toBe(bitwise(sample(length)));
  });

  it('is the same of bytes that come in pieces', () => {
    const whole = sample(100);
    for (const at of [0, 1, 7, 8, 9, 50, 99, 100])
      expect(new Crc64().update(whole.subarray(0, at)).update(whole.subarray(at)).digest()).toBe(
        crc64(whole),
      );
  });
});
