import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { HttpTriggerSpec } from '#src/project/types';

export const LOOKUP = 'header:Authorization:Bearer';

export interface Pair {
  key: KeyObject | Uint8Array;
  jwk: Record<string, unknown>;
}

/** Returns a new key for that algorithm, and the JWK by which a trigger knows it. */
export function pair(alg: string, kid?: string): Pair {
  const id = kid === undefined ? {} : { kid };
  if (alg.startsWith('HS')) {
    const key = Buffer.from('a secret that is long enough for HS512, and for all the others too');
    return { key, jwk: { kty: 'oct', alg, use: 'sig', k: key.toString('base64url'), ...id } };
  }
  const curve = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg];
  const { publicKey, privateKey } = curve
    ? generateKeyPairSync('ec', { namedCurve: curve })
    : alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    key: privateKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), alg, use: 'sig', ...id },
  };
}

export const RS256 = pair('RS256', 'k1');

/** Returns an HTTP trigger with that authConfig. */
export function trigger(authConfig: unknown): HttpTriggerSpec {
  return { type: 'http', name: 'web', authType: 'jwt', methods: ['GET', 'POST'], authConfig };
}

/** Returns one that accepts tokens of RS256. */
export function config(more: Record<string, unknown> = {}): HttpTriggerSpec {
  return trigger({ jwks: { keys: [RS256.jwk] }, tokenLookup: LOOKUP, ...more });
}
