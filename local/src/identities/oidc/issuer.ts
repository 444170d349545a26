import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

/** An identity provider of this process: a key pair and the tokens it signs. */
export interface OidcIssuer {
  issuer: string;
  /** Public half of the key pair. */
  jwk: JsonWebKey;
  token(claims: Record<string, unknown>, header?: Record<string, unknown>): string;
}

/** Creates an issuer with a new key pair. */
export function oidcIssuer(
  algorithm: 'RS256' | 'ES256' = 'RS256',
  issuer = 'https://idp.example.com',
): OidcIssuer {
  const { privateKey, publicKey } = keyPair(algorithm);
  const kid = `key-${algorithm}`;
  return {
    issuer,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid },
    token(claims, header = {}) {
      const signed = [
        { alg: algorithm, typ: 'JWT', kid, ...header },
        { iss: issuer, ...claims },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const signature = sign('sha256', Buffer.from(signed), {
        key: privateKey,
        dsaEncoding: 'ieee-p1363',
      });
      return `${signed}.${signature.toString('base64url')}`;
    },
  };
}

function keyPair(algorithm: 'RS256' | 'ES256'): { privateKey: KeyObject; publicKey: KeyObject } {
  return algorithm === 'RS256'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
