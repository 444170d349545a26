/**
 * The files of `hash-wasm` that hold one checksum each, and have no types of their own. The whole package
 * is thirty times as large.
 */
declare module 'hash-wasm/dist/crc64.umd.min.js' {
  import type { crc64, createCRC64 } from 'hash-wasm';

  const hashWasm: { crc64: typeof crc64; createCRC64: typeof createCRC64 };
  export default hashWasm;
}

declare module 'hash-wasm/dist/crc32.umd.min.js' {
  import type { createCRC32 } from 'hash-wasm';

  const hashWasm: { createCRC32: typeof createCRC32 };
  export default hashWasm;
}
