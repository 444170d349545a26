import hashWasm from 'hash-wasm/dist/crc64.umd.min.js';

// hash-wasm's default polynomial is that of CRC-64/XZ (ECMA-182, reflected), which OSS computes.

/**
 * Returns the CRC-64 of bytes, as OSS gives it in `x-oss-hash-crc64ecma`: unsigned decimal. `123456789`
 * gives 11051210869376104954.
 */
export async function crc64(bytes: Uint8Array): Promise<string> {
  return decimal(await hashWasm.crc64(bytes));
}

/** The CRC-64 of bytes that come in pieces. */
export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** Returns unsigned decimal, as in OSS's header. Call it once, at the end. */
  digest(): string;
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

/** Begins a CRC-64 of bytes that come in pieces. */
export async function createCrc64(): Promise<Crc64> {
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
