import { hasCode } from '../../errors/errors.ts';
import type { OssClient } from '../../oss/bucket/client.ts';
import { retrying } from '../../retry/retry.ts';

/**
 * Upper bound of the difference between the clocks of OSS and of an instance, including OSS's rounding to
 * whole seconds.
 */
const SKEW_MS = 5000;
/** Digits of a period's number in a key, so that keys sort in the periods' order. */
const DIGITS = 12;
const MAX_KEYS = 1000;

/**
 * The workers' places, each taken for as long as a worker may run: objects `<prefix><period>/<place>`,
 * where a period is that long. A place is taken by creating its object with `x-oss-forbid-overwrite`, so
 * that only one of two fleets gets it; it is free again that long after OSS's own time of the object. No
 * place has to be given back: a worker that dies frees its place just as one that ends. Needs
 * oss:ListObjects on the bucket and oss:PutObject under the prefix; a lifecycle rule removes the objects.
 */
export class Places {
  readonly #bucket: OssClient;
  readonly #prefix: string;
  readonly #leaseMs: number;

  constructor(bucket: OssClient, prefix: string, leaseMs: number) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#leaseMs = leaseMs + SKEW_MS;
  }

  /** Returns the places that are taken at `now`. */
  async taken(now: number): Promise<Set<number>> {
    const startAfter = this.#key(this.#period(now) - 1, 0);
    const options = { prefix: this.#prefix, startAfter, max: MAX_KEYS };
    const { objects } = await retrying(() => this.#bucket.listObjects(options));
    return new Set(
      objects
        .filter(({ lastModified }) => lastModified + this.#leaseMs > now)
        .map(({ key }) => Number(key.slice(key.lastIndexOf('/') + 1))),
    );
  }

  /** Takes a free place. Returns false when another fleet was faster, or when the answer to an earlier try was lost. */
  async take(place: number, now: number): Promise<boolean> {
    try {
      const key = this.#key(this.#period(now), place);
      await this.#bucket.putObject(key, '', { forbidOverwrite: true });
      return true;
    } catch (error) {
      if (hasCode(error, 'FileAlreadyExists')) return false;
      throw error;
    }
  }

  #period(now: number): number {
    return Math.floor(now / this.#leaseMs);
  }

  #key(period: number, place: number): string {
    const number = (value: number, digits: number) => String(value).padStart(digits, '0');
    return `${this.#prefix}${number(period, DIGITS)}/${number(place, 3)}`;
  }
}
