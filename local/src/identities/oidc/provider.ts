import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { LocalCloudError } from '../../errors.ts';

export interface OidcProviderSpec {
  name: string;
  /** Exact value of a token's `iss`. */
  issuer: string;
  /** The accepted audiences of a token. */
  clientIds: readonly string[];
  /** Public keys as JSON Web Keys: RSA (RS256) or EC on P-256 (ES256). */
  keys: readonly JsonWebKey[];
}

export interface OidcProvider {
  name: string;
  arn: string;
  issuer: string;
  clientIds: readonly string[];
  keys: readonly VerificationKey[];
}

export type Algorithm = 'RS256' | 'ES256';

export interface VerificationKey {
  id: string | undefined;
  algorithm: Algorithm;
  key: KeyObject;
}

/** Reads and checks an identity provider. Throws LocalCloudError with its name and the reason. */
export function parseOidcProvider(
  { name, issuer, clientIds, keys }: OidcProviderSpec,
  accountId: string,
): OidcProvider {
  if (!/^[\w.-]{1,128}$/.test(name))
    throw invalid(name, 'the name is wrong', 'use 1 to 128 letters, digits and . - _');
  if (!URL.canParse(issuer)) throw invalid(name, `issuer "${issuer}" is no URL`, 'write https://…');
  if (clientIds.length === 0 || clientIds.includes(''))
    throw invalid(name, 'a client id is missing', 'give at least one audience');
  if (keys.length === 0) throw invalid(name, 'it has no key', 'give at least one public key');
  return {
    name,
    arn: `acs:ram::${accountId}:oidc-provider/${name}`,
    issuer,
    clientIds: [...clientIds],
    keys: keys.map((key) => parseKey(key, name)),
  };
}

function parseKey(jwk: JsonWebKey, name: string): VerificationKey {
  if (jwk.d !== undefined)
    throw invalid(name, 'a key is a private one', 'give the public half, without "d"');
  const algorithm = algorithmOf(jwk);
  if (!algorithm)
    throw invalid(
      name,
      `a key is of kty "${jwk.kty}" and crv "${jwk.crv}"`,
      'give an RSA key or an EC key on P-256',
    );
  try {
    const id = typeof jwk.kid === 'string' ? jwk.kid : undefined;
    return { id, algorithm, key: createPublicKey({ key: jwk, format: 'jwk' }) };
  } catch (cause) {
    throw invalid(name, 'a key cannot be read', 'give it as a JSON Web Key', { cause });
  }
}

function algorithmOf({ kty, crv }: JsonWebKey): Algorithm | undefined {
  if (kty === 'RSA') return 'RS256';
  return kty === 'EC' && crv === 'P-256' ? 'ES256' : undefined;
}

function invalid(name: string, what: string, remedy: string, options?: ErrorOptions) {
  return new LocalCloudError(
    'InvalidOidcProvider',
    `OIDC provider "${name}": ${what}`,
    remedy,
    options,
  );
}
