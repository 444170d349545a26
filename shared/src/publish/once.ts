import { createHash } from 'node:crypto';
import type { Deadline } from '../context/deadline.ts';
import { InvalidInputError } from '../errors/errors.ts';
import { idempotent } from '../idempotency/idempotent.ts';
import { ossIdempotency } from '../idempotency/oss.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';
import type { Log } from '../log/log.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import * as z from '../schema/index.ts';

/** Publishing under a key: every call with the same key gets the first message's id. */
export interface Once {
  store: IdempotencyStore;
  /** One key for the call; items of a list are distinguished by their index. */
  key: string;
}

/** Prefix of the object keys of onceByHeader's records. */
const RECORDS_PREFIX = 'idempotency/publish/';

const Remembered = z.object({ messageId: z.string(), fingerprint: z.string() });

/** Headers with their values, names in lower case. */
type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Makes a request that is repeated with the same `Idempotency-Key` header publish once, by records in a
 * bucket under `idempotency/publish/`; undefined without the header. A request that was cut off can be
 * repeated once `deadline` has passed. Throws as idempotencyKey does. Needs oss:PutObject and oss:GetObject
 * under the prefix.
 */
export function onceByHeader(
  headers: Headers,
  bucket: OssClient,
  deadline: Pick<Deadline, 'remaining'>,
): Once | undefined {
  const key = idempotencyKey(headers);
  if (key === undefined) return undefined;
  const claimMs = deadline.remaining();
  return { key, store: ossIdempotency(bucket, { prefix: RECORDS_PREFIX, claimMs }) };
}

/**
 * Returns the value of an `Idempotency-Key` header, quoted or not; undefined without one. Throws an
 * InvalidInputError (`InvalidIdempotencyKey`) for one that is empty, over 255 characters or not printable
 * ASCII.
 */
export function idempotencyKey(headers: Headers): string | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim();
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new InvalidInputError('Idempotency-Key cannot be used', {
    code: 'InvalidIdempotencyKey',
    remedy: 'send 1 to 255 printable ASCII characters without spaces, such as a UUID',
  });
}

/**
 * Publishes one item of a call once. Throws what `publish` throws, and an InvalidInputError:
 * `RequestInProgress` while another request with the key is running, `IdempotencyKeyReused` if the key came
 * with another payload.
 */
export async function publishOnce<Sent extends { messageId: string }>(
  { store, key }: Once,
  index: number,
  payload: string,
  publish: () => Promise<Sent>,
  log: Pick<Log, 'warn' | 'error'> | undefined,
): Promise<Sent | { messageId: string; replayed: true }> {
  const fingerprint = createHash('sha256').update(payload).digest('hex');
  let sent: Sent | undefined;
  const work = async () => {
    sent = await publish();
    return { messageId: sent.messageId, fingerprint };
  };
  const outcome = await idempotent(store, `${key} ${index}`, work, log);
  if (sent) return sent;
  if (outcome.state === 'in-progress')
    throw new InvalidInputError('A request with this Idempotency-Key is being handled', {
      code: 'RequestInProgress',
      status: 409,
      remedy: 'wait for its answer, then send the same request again',
    });
  const remembered = Remembered.parse(outcome.result);
  if (remembered.fingerprint === fingerprint)
    return { messageId: remembered.messageId, replayed: true };
  throw new InvalidInputError('This Idempotency-Key came with another payload before', {
    code: 'IdempotencyKeyReused',
    status: 422,
    remedy: 'use a new key for each new request',
  });
}
