import { createHash } from 'node:crypto';
import { InvalidInputError } from '../errors/errors.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';
import * as z from '../schema/index.ts';

/** Publishing under a key: whoever comes with the same one gets the first message's id. */
export interface Once {
  store: IdempotencyStore;
  /** One for the call; items of a list are told apart by their place in it. */
  key: string;
}

const Remembered = z.object({ messageId: z.string(), fingerprint: z.string() });

/** A claimed key: to be completed or released. */
export interface Claimed {
  complete(messageId: string): Promise<void>;
  release(): Promise<void>;
}

/**
 * Claims one item's key. Gives the message id where it was published before. Throws an
 * InvalidInputError: `RequestInProgress` while another request with the key is at work,
 * `IdempotencyKeyReused` when the key came with another payload.
 */
export async function claimKey(
  { store, key }: Once,
  index: number,
  payload: string,
): Promise<Claimed | { messageId: string }> {
  const name = `${key} ${index}`;
  const fingerprint = createHash('sha256').update(payload).digest('hex');
  const claim = await store.claim(name);
  if (claim.state === 'in-progress')
    throw new InvalidInputError('A request with this Idempotency-Key is being handled', {
      code: 'RequestInProgress',
      remedy: 'wait for its answer, then send the same request again',
    });
  if (claim.state === 'claimed')
    return {
      complete: (messageId) => store.complete(name, { messageId, fingerprint }),
      release: () => store.release(name),
    };
  const remembered = Remembered.parse(claim.result);
  if (remembered.fingerprint === fingerprint) return { messageId: remembered.messageId };
  throw new InvalidInputError('This Idempotency-Key came with another payload before', {
    code: 'IdempotencyKeyReused',
    remedy: 'use a new key for each new request',
  });
}

/** The value of an `Idempotency-Key` header, quoted or not; undefined without one. Throws an InvalidInputError (`InvalidIdempotencyKey`) for one that is empty, over 255 characters or not printable ASCII. */
export function idempotencyKey(
  headers: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim();
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new InvalidInputError('Idempotency-Key cannot be used', {
    code: 'InvalidIdempotencyKey',
    remedy: 'send 1 to 255 printable ASCII characters without spaces, such as a UUID',
  });
}
