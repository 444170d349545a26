import { createHash, randomUUID } from 'node:crypto';
import { hasCode, InvalidInputError } from '../errors/errors.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import { crc64 } from '../oss/bucket/crc64.ts';
import * as z from '../schema/index.ts';

/** Where payloads too large for a message lie. The bucket's lifecycle removes what nobody has. */
export const CLAIMS_PREFIX = 'claims/';

const DIGITS = /^\d{1,20}$/;
const HEX_SHA256 = /^[0-9a-f]{64}$/;

/** Under it only, and nothing that steps out of it: the key comes in a message. */
const ClaimKey = z.string().check(z.regex(/^claims\/[\w-]+(\/[\w-]+)*$/));

const Claim = z.strictObject({
  key: ClaimKey,
  /** Bytes. */
  size: z.int().check(z.gte(0)),
  /** As OSS computes it: unsigned decimal. */
  crc64: z.string().check(z.regex(DIGITS)),
  /** Lower-case hex. */
  sha256: z.string().check(z.regex(HEX_SHA256)),
});

/** What stands in the message for a payload that lies in the bucket. */
export type Claim = z.infer<typeof Claim>;

const ClaimMessage = z.strictObject({ claimCheck: Claim });

/** Stores a payload under `claims/<day>/<uuid>` and gives the message body to send instead: `{"claimCheck": {key, size, crc64, sha256}}`. Needs oss:PutObject there. */
export async function checkIn(bucket: OssClient, payload: string, now = Date.now()) {
  const bytes = Buffer.from(payload);
  const day = new Date(now).toISOString().slice(0, 10);
  const key = `${CLAIMS_PREFIX}${day}/${randomUUID()}`;
  const stored = await bucket.putObject(key, bytes, { contentType: 'application/octet-stream' });
  const claim: Claim = { key, size: bytes.length, crc64: stored.crc64, sha256: sha256(bytes) };
  return { claim, body: JSON.stringify({ claimCheck: claim }) };
}

/** A message's payload: the body itself, or what its claim stands for. */
export interface Resolved {
  body: string;
  /** Present when the payload came from the bucket: hand it to `releaseClaim` after the acknowledgement. */
  claim?: Claim;
}

/**
 * The payload of a received body. A body that is no claim is the payload itself and costs no
 * request. Otherwise the object is fetched and held against the claim's size, CRC-64 and SHA-256:
 * a ServiceError (`ChecksumMismatch` of the transfer), an InvalidInputError (`ClaimMismatch`) when
 * it is another object than was sent, or `ClaimGone` when there is none: it was handled and
 * released before, or has outlived the lifecycle rule. Needs oss:GetObject under `claims/`.
 *
 *     const { body, claim } = await resolveClaim(bucket, message.body);
 *     await handle(body);
 *     await queue.delete(message.receiptHandle);
 *     if (claim) await releaseClaim(bucket, claim);
 */
export async function resolveClaim(bucket: OssClient, body: string): Promise<Resolved> {
  const claim = parseClaim(body);
  if (!claim) return { body };
  const bytes = await fetchClaim(bucket, claim);
  const differs =
    (bytes.length !== claim.size && 'size') ||
    (crc64(bytes) !== claim.crc64 && 'CRC-64') ||
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
 * Removes a claim's object; one that is gone is fine. Only after the message's acknowledgement, and
 * only where this queue alone gets the message: with several subscriptions leave it to the
 * lifecycle rule, since the others may not have fetched it yet. Needs oss:DeleteObject.
 */
export async function releaseClaim(bucket: OssClient, claim: Claim): Promise<void> {
  await bucket.deleteObject(claim.key);
}

/**
 * As `resolveClaim`, with the release for consumers to run after the acknowledgement: the `open` of
 * `drain` where this queue alone gets the message. `(body) => openClaim(bucket, body)`.
 */
export async function openClaim(
  bucket: OssClient,
  body: string,
): Promise<{ body: string; acknowledged?: () => Promise<void> }> {
  const { claim, ...resolved } = await resolveClaim(bucket, body);
  return claim ? { ...resolved, acknowledged: () => releaseClaim(bucket, claim) } : resolved;
}

/** The claim in a message's body, or undefined for any other body. Throws an InvalidInputError (`InvalidClaim`) for a claim that is not whole or points elsewhere. */
export function parseClaim(body: string): Claim | undefined {
  if (!/^\s*\{\s*"claimCheck"/.test(body)) return undefined;
  const parsed = ClaimMessage.safeParse(jsonOrUndefined(body));
  if (parsed.success) return parsed.data.claimCheck;
  throw new InvalidInputError('Message holds a claim check that is not valid', {
    code: 'InvalidClaim',
    issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  });
}

async function fetchClaim(bucket: OssClient, { key }: Claim): Promise<Buffer> {
  try {
    return (await bucket.getObject(key)).body;
  } catch (error) {
    if (!hasCode(error, 'NoSuchKey')) throw error;
    throw new InvalidInputError(`Object "${key}" is gone`, {
      code: 'ClaimGone',
      cause: error,
      remedy: 'its message was handled before, or waited longer than the lifecycle rule allows',
    });
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
