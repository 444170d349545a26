import hashWasm from 'hash-wasm/dist/crc64.umd.min.js';
import { type Crc64, SMALL_BYTES, smallCrc64 } from './small-crc64.ts';

// hash-wasm's default polynomial is that of CRC-64/XZ (ECMA-182, reflected), which OSS computes.

/**
 * Returns the CRC-64 of bytes, as OSS gives it in `x-oss-hash-crc64ecma`: unsigned decimal. `123456789`
 * gives 11051210869376104954.
 */
export async function crc64(bytes: Uint8Array): Promise<string> {
  if (bytes.length > SMALL_BYTES) return decimal(await hashWasm.crc64(bytes));
  const small = smallCrc64();
  small.update(bytes);
  return small.digest();
}

let engine: ReturnType<typeof loadEngine> | undefined;

/** Loads one hasher that all checksums share in turn: a hasher for each would compile WebAssembly again. */
async function loadEngine() {
  const hasher = await hashWasm.createCRC64().catch((error: unknown) => {
    engine = undefined; // such as too little memory: the next use may succeed
    throw error;
  });
  return { hasher, start: hasher.init().save() };
}

/** Begins a CRC-64 of bytes that come in pieces. `size` is how many there will be, if that is known. */
export async function createCrc64(size = Number.POSITIVE_INFINITY): Promise<Crc64> {
  if (size <= SMALL_BYTES) return smallCrc64();
  engine ??= loadEngine();
  const { hasher, start } = await engine;
  let state = start;
  return {
    update(bytes) {
      state = hasher.load(state).update(bytes).save();
    },
    digest: () => decimal(hasher.load(state).digest()),
  };
}

function decimal(hex: string): string {
  return BigInt(`0x${hex}`).toString();
}
