import * as zlib from 'node:zlib';

/** Returns the CRC-32 of text (as UTF-8) or bytes, continued from `start`. */
export const crc32: (data: string | Uint8Array, start: number) => number =
  zlib.crc32 ?? crc32ByTable;

/** Computes it in JavaScript, for Node before 20.15, which has no crc32. */
export function crc32ByTable(data: string | Uint8Array, start: number): number {
  let crc = ~start;
  for (const byte of typeof data === 'string' ? Buffer.from(data) : data)
    crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 255] as number);
  return ~crc >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});
