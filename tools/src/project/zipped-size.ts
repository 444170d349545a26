import { gzipSync } from 'node:zlib';

/** Returns the bytes of a file when compressed: its share of the zipped package, apart from some 100 bytes of names. */
export function zippedSize(file: string | Uint8Array): number {
  return gzipSync(file).length;
}
