import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { createCrc64 } from '../bucket/crc64.ts';

export interface Checksums {
  /** Base64, as in Content-MD5. */
  md5: string;
  /** Unsigned decimal. */
  crc64: string;
}

/** Takes less than a millisecond; the second checksum finds the bytes in the processor's cache. */
const SLICE_BYTES = 256 * 1024;

/**
 * Computes checksums one part after the other, so that the first is sent soon, and in slices, so that
 * requests in progress continue meanwhile.
 */
export class Summing {
  #turn: Promise<unknown> = Promise.resolve();

  checksums(bytes: Uint8Array): Promise<Checksums> {
    const turn = this.#turn.then(() => inSlices(bytes));
    this.#turn = turn;
    return turn;
  }
}

async function inSlices(bytes: Uint8Array): Promise<Checksums> {
  const md5 = createHash('md5');
  const crc64 = await createCrc64(bytes.length);
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    const slice = bytes.subarray(at, at + SLICE_BYTES);
    md5.update(slice);
    crc64.update(slice);
    await setImmediate();
  }
  return { md5: md5.digest('base64'), crc64: crc64.digest() };
}
