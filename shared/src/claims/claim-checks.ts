import { createHash, randomUUID } from 'node:crypto';
import { systemClock } from '../clock/clock.ts';
import { hasCode, InvalidInputError, toError } from '../errors/errors.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import { crc64 } from '../oss/bucket/crc64.ts';
import { isInvalidEncoding } from '../oss/bucket/errors.ts';
import { readObject } from '../oss/bucket/read-object.ts';
import * as z from '../schema/index.ts';
import { parseJson } from '../schema/validate.ts';

/** Begins the object key of every payload too large for a message. The bucket's lifecycle removes what is not fetched any more. */
const CLAIMS_PREFIX = 'claims/';

/** Bytes of a payload: what FC lets through in one piece. Whoever handles it holds it in memory. */
export const MAX_CLAIM_BYTES = 32 * 1024 * 1024;

const DIGITS = /^\d{1,20}$/;
const HEX_SHA256 = /^[0-9a-f]{64}$/;

/** Under it only, and nothing that steps out of it: the key comes in a message. */
const PayloadKey = z.string().check(z.regex(/^claims\/[\w-]+(\/[\w-]+)*$/));

const ClaimCheck = z.strictObject({
  key: PayloadKey,
  /** Bytes, of the payload itself, 32 MiB at most. */
  size: z.int().check(z.gte(0), z.lte(MAX_CLAIM_BYTES)),
  /** As OSS computes it: unsigned decimal. */
  crc64: z.string().check(z.regex(DIGITS)),
  /** Lower-case hex. */
  sha256: z.string().check(z.regex(HEX_SHA256)),
});

/** What a message holds in place of a payload that is in the bucket. */
export type ClaimCheck = z.infer<typeof ClaimCheck>;

const Body = z.strictObject({ claimCheck: ClaimCheck });

/** Stores a payload under `claims/<day>/<uuid>` and gives the message body to send instead: `{"claimCheck": {key, size, crc64, sha256}}`. Throws an InvalidInputError (`PayloadTooLarge`) for one of more than 32 MiB. Needs oss:PutObject there. */
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

/** A message's payload: its body, or what its claim check names. */
export interface Resolved {
  body: string;
  /** Present when the payload came from the bucket. */
  claim?: ClaimCheck;
}

/**
 * Gives the payload of a received body. A body that is no claim check is the payload itself and costs
 * no request. Otherwise the object is fetched, no more of it than the claim check's size, unpacked
 * where it is stored with a Content-Encoding of gzip, deflate or br, and held against the claim check's
 * size, CRC-64 and SHA-256. Throws a ServiceError (`ChecksumMismatch` of the transfer), or an
 * InvalidInputError: `InvalidClaim` when the object has more bytes than claimed (nothing of it has
 * been read then) or is not packed as it says, `ClaimMismatch` when it is another object than was
 * sent, `ClaimGone` when there is none: it has outlived the lifecycle rule. Needs oss:GetObject under
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

/** Gives the claim check in a message's body, or undefined for any other body. Throws an InvalidInputError (`InvalidClaim`) for one that is not whole or points elsewhere. */
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
