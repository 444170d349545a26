import { createHmac } from 'node:crypto';
import { percentEncode } from '../../percent.ts';
import { canonicalPairs } from './pairs.ts';

/** What is signed in RPC style: the method and every parameter but Signature, wherever it stands. */
export function stringToSignRpc(
  method: string,
  parameters: Iterable<readonly [name: string, value: string]>,
): string {
  const signed = [...parameters].filter(([name]) => name !== 'Signature');
  return `${method}&${percentEncode('/')}&${percentEncode(canonicalPairs(signed))}`;
}

/** Signature version 1.0: base64 HMAC-SHA1 with the secret and an ampersand as the key. */
export function signRpc(
  secret: string,
  method: string,
  parameters: Iterable<readonly [name: string, value: string]>,
): string {
  return createHmac('sha1', `${secret}&`)
    .update(stringToSignRpc(method, parameters))
    .digest('base64');
}
