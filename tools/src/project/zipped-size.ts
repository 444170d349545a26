import { gzipSync } from 'node:zlib';

/** Bytes of a file when compressed: its part of the zipped package, but for some 100 bytes of names. */
export function zippedSize(file: string | Uint8Array): number {
  return gzipSync(file).length;
}
