import { toBytes } from '../oss/bytes.ts';
import { signV1, stringToSignV1 } from '../oss/signature/v1.ts';
import { percentEncode } from '../percent.ts';
import type { Account } from './account.ts';
import { ConsoleError } from './errors.ts';

/** A week, as for signatures of version 4. */
export const MAX_SIGNED_SECONDS = 7 * 24 * 60 * 60;

interface Wanted {
  bucket: string;
  key: string;
  method: 'GET' | 'PUT';
  seconds: number;
}

/**
 * Returns an address signed by the account's RAM user (signature version 1 in the query), without
 * the secret. Throws a 404 where the console has no user to sign with.
 */
export function signedUrl(account: Account, { bucket, key, method, seconds }: Wanted): string {
  const { identities, clock, environment, accessKeyId = '' } = account;
  const signer = identities.findAccessKey(accessKeyId);
  const endpoint = environment.OSS_ENDPOINT;
  if (!signer || endpoint === undefined)
    throw new ConsoleError(404, 'This console has no key to sign with');
  const expires = String(Math.floor(clock.now() / 1000) + seconds);
  const request = { method, bucket, key: toBytes(key), query: [], headers: {} };
  const query = new URLSearchParams({
    OSSAccessKeyId: signer.accessKeyId,
    Expires: expires,
    Signature: signV1(signer.accessKeySecret, stringToSignV1(request, expires)),
  });
  // As in a shell's single quotes: no quote is left.
  const path = key.split('/').map(percentEncode).join('/');
  return `${endpoint}/${bucket}/${path}?${query}`;
}
