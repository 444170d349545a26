/** The file of `hash-wasm` that holds CRC-64 alone has no types of its own: the whole package weighs thirty times as much. */
declare module 'hash-wasm/dist/crc64.umd.min.js' {
  import type { crc64, createCRC64 } from 'hash-wasm';

  const hashWasm: { crc64: typeof crc64; createCRC64: typeof createCRC64 };
  export default hashWasm;
}
