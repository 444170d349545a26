import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { percentDecodeOrKeep } from '../../percent.ts';

/** Path at which the server serves the public key; no bucket can have this name. */
export const PUBLIC_KEY_PATH = '/callback_pub_key_v1.pem';

let pair: { publicKey: KeyObject; privateKey: KeyObject } | undefined;

function keyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
  pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return pair;
}

/** Returns the public key as PEM; each process has its own. */
export function callbackPublicKey(): string {
  return keyPair().publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/**
 * Computes the documented signature of a callback: RSA over the MD5 of the decoded path, the query
 * and the body, in Base64.
 */
export function signCallback({ pathname, search }: URL, body: string): string {
  const path = percentDecodeOrKeep(pathname);
  return createSign('RSA-MD5')
    .update(`${path}${search}\n${body}`)
    .sign(keyPair().privateKey, 'base64');
}
