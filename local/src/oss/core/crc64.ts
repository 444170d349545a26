import { createRequire } from 'node:module';
import type { IHasher } from 'hash-wasm';

/**
 * One algorithm's own file, since the package's entry loads all of them. It has no declarations of
 * its own.
 */
type SingleAlgorithm = Pick<typeof import('hash-wasm'), 'createCRC64'>;
const FILE = 'hash-wasm/dist/crc64.umd.min.js';

/** The hasher that all sums take turns to use, and the state of an empty sum. */
interface Engine {
  hasher: IHasher;
  start: Uint8Array;
}

let engine: Promise<Engine> | undefined;

async function loadEngine(): Promise<Engine> {
  const { createCRC64 } = createRequire(import.meta.url)(FILE) as SingleAlgorithm;
  const hasher = await createCRC64();
  return { hasher, start: hasher.init().save() };
}

/**
 * Starts a CRC-64 of ECMA-182, reflected, as OSS and xz compute it. The first call compiles
 * WebAssembly, which takes a few milliseconds.
 */
export async function startCrc64(): Promise<Crc64> {
  engine ??= loadEngine();
  const { hasher, start } = await engine;
  return new Crc64(hasher, start);
}

/** The checksum of bytes that arrive in pieces. */
export class Crc64 {
  readonly #hasher: IHasher;
  #state: Uint8Array;

  /** `state` is what the hasher saved; use `startCrc64`. */
  constructor(hasher: IHasher, state: Uint8Array) {
    this.#hasher = hasher;
    this.#state = state;
  }

  /** Adds these bytes. */
  update(chunk: Uint8Array): void {
    this.#state = this.#hasher.load(this.#state).update(chunk).save();
  }

  /** Returns the checksum so far: unsigned, decimal, as in `x-oss-hash-crc64ecma`. */
  digest(): string {
    return BigInt(`0x${this.#hasher.load(this.#state).digest('hex')}`).toString();
  }
}
