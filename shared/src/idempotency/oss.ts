import { createHash, randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../clock/clock.ts';
import { AppError, hasCode } from '../errors/errors.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import { readObject } from '../oss/bucket/read-object.ts';
import { retrying } from '../retry/retry.ts';
import * as z from '../schema/index.ts';
import { parseJson } from '../schema/validate.ts';
import type { IdempotencyStore, KeyState } from './store.ts';

export interface OssIdempotencyOptions {
  /** Prefix of the records' object keys; default `idempotency/`. Give each kind of operation its own. */
  prefix?: string;
  /**
   * How long a claim holds, in milliseconds; default 15 minutes. Must be longer than the operation can
   * take: as long as the function may run.
   */
  claimMs?: number;
  /** How long a completed key is remembered, in milliseconds; default 7 days. A lifecycle rule on the prefix, set to no less, removes the objects. */
  rememberMs?: number;
  clock?: Clock;
}

/** Upper bound of the difference between the clocks of two instances. */
const SKEW_MS = 5000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** More claims of one key than any retry makes; limits the search. */
const MAX_ATTEMPTS = 1000;

/** Maximum bytes of a record, whose result and key come from the caller. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;

const Record = z.object({
  state: z.enum(['claimed', 'released', 'completed']),
  owner: z.string(),
  /** Milliseconds since the epoch: when a claim ends, or a completed key is forgotten. */
  until: z.number(),
  result: z.optional(z.unknown()),
});
type Record = z.infer<typeof Record>;

interface Owned {
  attempt: number;
  owner: string;
}

/**
 * Keeps an idempotency store in a bucket. Needs oss:PutObject and oss:GetObject under the prefix.
 *
 * The claims of a key are objects numbered from 1, each created with `x-oss-forbid-overwrite`: of any
 * number of callers that find a claim expired or released, one creates the next. "Exactly one" rests on
 * this:
 *
 * - OSS refuses to overwrite. Its documentation warns that two writes of a new key at the same moment may
 * both pass that check; the later one is then stored.
 * - So each claim is read back after it is written (reads see every completed write) and belongs to the
 * owner whose mark it holds: where two writes have passed, one caller reads its own mark and the other does
 * not. What remains is a write that passed the check, and that OSS completes only after another caller's
 * write and read have both ended.
 * - A claim outlives its operation. A caller that works past its claim's end (`claimMs`) may be joined by
 * another, and only the operation itself could keep the two apart: OSS has no conditional overwrite.
 * - In a bucket with versioning OSS ignores forbid-overwrite: keep the records in a bucket without it.
 *
 * If one repetition would be costly, let the operation itself refuse it, by its key.
 *
 * A claim whose answer was lost is recognised as the caller's own by the same mark. One store serves one
 * invocation: it knows which keys it has claimed.
 */
export function ossIdempotency(
  bucket: OssClient,
  options: OssIdempotencyOptions = {},
): IdempotencyStore {
  return new OssIdempotency(bucket, options);
}

class OssIdempotency implements IdempotencyStore {
  readonly #bucket: OssClient;
  readonly #prefix: string;
  readonly #claimMs: number;
  readonly #rememberMs: number;
  readonly #clock: Clock;
  readonly #owned = new Map<string, Owned>();

  constructor(bucket: OssClient, options: OssIdempotencyOptions) {
    this.#bucket = bucket;
    this.#prefix = options.prefix ?? 'idempotency/';
    this.#claimMs = options.claimMs ?? 15 * MINUTE_MS;
    this.#rememberMs = options.rememberMs ?? 7 * DAY_MS;
    this.#clock = options.clock ?? systemClock;
  }

  async claim(key: string): Promise<KeyState> {
    const owner = randomUUID();
    let completed = 0; // number of the last claim that was completed
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const now = this.#clock.now();
      const record = { state: 'claimed', owner, until: now + this.#claimMs } as const;
      const found = await this.#create(key, attempt, record);
      if (found.owner === owner) {
        this.#owned.set(key, { attempt, owner });
        return { state: 'claimed', attempt: attempt - completed };
      }
      if (found.state === 'completed' && found.until > now)
        return { state: 'completed', result: found.result };
      if (found.state === 'claimed' && found.until + SKEW_MS > now) return { state: 'in-progress' };
      if (found.state === 'completed') completed = attempt;
    }
    throw new AppError(`Idempotency key "${key}" has been claimed ${MAX_ATTEMPTS} times`, {
      code: 'TooManyClaims',
      remedy: 'the operation never succeeds: look for its errors in the logs',
    });
  }

  async complete(key: string, result?: unknown): Promise<void> {
    const until = this.#clock.now() + this.#rememberMs;
    await this.#replace(key, { state: 'completed', until, result });
  }

  async release(key: string): Promise<void> {
    await this.#replace(key, { state: 'released', until: 0 });
  }

  /** Creates the claim of that number unless it exists. Returns the record that is then stored, whoever wrote it. */
  #create(key: string, attempt: number, record: Record): Promise<Record> {
    return retrying(
      async () => {
        try {
          await this.#put(key, attempt, record, true);
        } catch (error) {
          if (!hasCode(error, 'FileAlreadyExists')) throw error;
        }
        return this.#read(this.#objectKey(key, attempt));
      },
      { clock: this.#clock },
    );
  }

  async #read(objectKey: string): Promise<Record> {
    const body = await readObject(this.#bucket, objectKey, { maxBytes: MAX_RECORD_BYTES });
    try {
      return Record.parse(parseJson(body, 'Record'));
    } catch (cause) {
      throw new AppError(`Idempotency record "${objectKey}" is not a valid record`, {
        code: 'InvalidRecord',
        remedy:
          'look for what else writes there; once it is deleted the operation may be run again',
        cause,
      });
    }
  }

  /** Only a claim's holder overwrites it. */
  async #replace(key: string, change: Omit<Record, 'owner'>) {
    const owned = this.#owned.get(key);
    if (!owned)
      throw new AppError(`Idempotency key "${key}" is not claimed here`, { code: 'NotClaimed' });
    const { attempt, owner } = owned;
    // Worth more tries than other requests: work that is not recorded here is done again.
    await retrying(() => this.#put(key, attempt, { ...change, owner }, false), {
      clock: this.#clock,
      retries: 6,
    });
    this.#owned.delete(key);
  }

  async #put(key: string, attempt: number, record: Record, forbidOverwrite: boolean) {
    const body = JSON.stringify({ key, ...record });
    if (Buffer.byteLength(body) > MAX_RECORD_BYTES)
      throw new AppError(`Result or key of an operation has more than ${MAX_RECORD_BYTES} bytes`, {
        code: 'ResultTooLarge',
        remedy: 'store the result as an object, and have the operation give its key',
      });
    const contentType = 'application/json';
    await this.#bucket.putObject(this.#objectKey(key, attempt), body, {
      contentType,
      forbidOverwrite,
    });
  }

  /** Idempotency keys may hold anything, object keys may not. */
  #objectKey(key: string, attempt: number): string {
    const hash = createHash('sha256').update(key).digest('hex');
    return `${this.#prefix}${hash}/${attempt}.json`;
  }
}
