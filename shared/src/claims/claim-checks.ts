import { createHash, randomUUID } from 'node:crypto';
import { systemClock } from '../clock/clock.ts';
import { hasCode, InvalidInputError, toError } from '../errors/errors.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import { crc64 } from '../oss/bucket/crc64.ts';
import { isInvalidEncoding } from '../oss/bucket/errors.ts';
import { readObject } from '../oss/bucket/read-object.ts';
import * as z from '../schema/index.ts';
import { parseJson } from '../schema/validate.ts';

/** Prefix of the object keys of payloads too large for a message. A lifecycle rule of the bucket removes old ones. */
const CLAIMS_PREFIX = 'claims/';

/** Largest payload in bytes: what FC passes in one piece. Its handler holds it in memory. */
export const MAX_CLAIM_BYTES = 32 * 1024 * 1024;

const DIGITS = /^\d{1,20}$/;
const HEX_SHA256 = /^[0-9a-f]{64}$/;

/** Allows keys under the prefix only, with nothing that leads out of it: the key comes in a message. */
const PayloadKey = z.string().check(z.regex(/^claims\/[\w-]+(\/[\w-]+)*$/));

const ClaimCheck = z.strictObject({
  key: PayloadKey,
  /** Bytes of the payload itself, 32 MiB at most. */
  size: z.int().check(z.gte(0), z.lte(MAX_CLAIM_BYTES)),
  /** Unsigned decimal, as OSS computes it. */
  crc64: z.string().check(z.regex(DIGITS)),
  /** Lower-case hex. */
  sha256: z.string().check(z.regex(HEX_SHA256)),
});

/** What a message carries instead of a payload that is in the bucket. */
export type ClaimCheck = z.infer<typeof ClaimCheck>;

const Body = z.strictObject({ claimCheck: ClaimCheck });

/**
 * Stores a payload under `claims/<day>/<uuid>` and returns the message body to send instead:
 * `{"claimCheck": {key, size, crc64, sha256}}`. Throws an InvalidInputError (`PayloadTooLarge`) for a
 * payload of more than 32 MiB. Needs oss:PutObject under `claims/`.
 */
export async function checkIn(
  bucket: OssClient,
  payload: string,
  now: number = systemClock.now(),
): Promise<{ claim: ClaimCheck; body: string }> {
  const bytes = Buffer.from(payload);
  if (bytes.length > MAX_CLAIM_BYTES)
    throw new InvalidInputError(`Payload has ${bytes.length} bytes, over ${MAX_CLAIM_BYTES}`, {
      code: 'PayloadTooLarge',
      status: 413,
      remedy: 'store it yourself, and send its key',
    });
  const day = new Date(now).toISOString().slice(0, 10);
  const key = `${CLAIMS_PREFIX}${day}/${randomUUID()}`;
  const stored = await bucket.putObject(key, bytes, { contentType: 'application/octet-stream' });
  const claim = { key, size: bytes.length, crc64: stored.crc64, sha256: sha256(bytes) };
  return { claim, body: JSON.stringify({ claimCheck: claim }) };
}

/** A message's payload: its body, or the object its claim check names. */
export interface Resolved {
  body: string;
  /** Present when the payload came from the bucket. */
  claim?: ClaimCheck;
}

/**
 * Returns the payload of a received body. A body that is no claim check is the payload itself and costs no
 * request. Otherwise fetches the object, reading no more of it than the claim check's size; unpacks it if
 * it is stored with a Content-Encoding of gzip, deflate or br; and compares it with the claim check's size,
 * CRC-64 and SHA-256. Throws a ServiceError (`ChecksumMismatch`) when the transfer was damaged, and an
 * InvalidInputError with the code `InvalidClaim` when the object has more bytes than claimed (none of them
 * are read then) or is not packed as it says, `ClaimMismatch` when it is not the object that was sent, or
 * `ClaimGone` when it no longer exists because the lifecycle rule removed it. Needs oss:GetObject under
 * `claims/`.
 */
export async function resolveClaim(bucket: OssClient, body: string): Promise<Resolved> {
  const claim = parseClaim(body);
  if (!claim) return { body };
  const bytes = await fetchPayload(bucket, claim);
  const differs =
    (bytes.length !== claim.size && 'size') ||
    ((await crc64(bytes)) !== claim.crc64 && 'CRC-64') ||
    (sha256(bytes) !== claim.sha256 && 'SHA-256');
  if (differs)
    throw new InvalidInputError(`Object "${claim.key}" is not the one its message claims`, {
      code: 'ClaimMismatch',
      remedy: 'look for what else writes under claims/',
      issues: [{ path: 'claimCheck', message: `${differs} differs` }],
    });
  return { body: bytes.toString('utf8'), claim };
}

/**
 * Returns the claim check in a message's body, or undefined for any other body. Throws an InvalidInputError
 * (`InvalidClaim`) for one that is incomplete or points elsewhere.
 */
export function parseClaim(body: string): ClaimCheck | undefined {
  if (!/^\s*\{\s*"claimCheck"/.test(body)) return undefined;
  const parsed = Body.safeParse(jsonOrUndefined(body));
  if (parsed.success) return parsed.data.claimCheck;
  throw new InvalidInputError('Message holds a claim check that is not valid', {
    code: 'InvalidClaim',
    issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  });
}

async function fetchPayload(bucket: OssClient, { key, size }: ClaimCheck): Promise<Buffer> {
  try {
    return await readObject(bucket, key, { maxBytes: size });
  } catch (cause) {
    if (hasCode(cause, 'NoSuchKey'))
      throw new InvalidInputError(`Object "${key}" is gone`, {
        code: 'ClaimGone',
        cause,
        remedy: 'its message waited longer than the lifecycle rule keeps payloads',
      });
    if (hasCode(cause, 'ObjectTooLarge') || isInvalidEncoding(cause))
      throw new InvalidInputError(`Object "${key}" cannot be the one its message claims`, {
        code: 'InvalidClaim',
        cause,
        remedy: 'look for what else writes under claims/',
        issues: [
          {
            path: 'claimCheck.size',
            message: `${size} bytes are claimed: ${toError(cause).message}`,
          },
        ],
      });
    throw cause;
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return parseJson(text, 'Claim check');
  } catch {
    return undefined;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
