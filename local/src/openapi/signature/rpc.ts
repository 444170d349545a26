import { createHmac } from 'node:crypto';
import { percentEncode } from '../../percent.ts';
import { canonicalPairs } from './pairs.ts';

/**
 * Returns the text that RPC style signs: the method and every parameter but Signature, in query and
 * form.
 */
export function stringToSignRpc(
  method: string,
  parameters: Iterable<readonly [name: string, value: string]>,
): string {
  const signed = [...parameters].filter(([name]) => name !== 'Signature');
  return `${method}&${percentEncode('/')}&${percentEncode(canonicalPairs(signed))}`;
}

/** Returns signature version 1.0: base64 HMAC-SHA1 with the secret and an ampersand as the key. */
export function signRpc(
  secret: string,
  method: string,
  parameters: Iterable<readonly [name: string, value: string]>,
): string {
  return createHmac('sha1', `${secret}&`)
    .update(stringToSignRpc(method, parameters))
    .digest('base64');
}
