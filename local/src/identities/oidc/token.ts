import { verify } from 'node:crypto';
import { AssumeRoleError } from '../assume-role-error.ts';
import { isRecord } from '../invalid-policy.ts';
import type { OidcProvider, VerificationKey } from './provider.ts';

/** How far the issuer's clock may be ahead of this one. */
const LEEWAY_MS = 60_000;

/** The claims of a verified token. Times in milliseconds since the epoch. */
export interface OidcClaims {
  issuer: string;
  audiences: readonly string[];
  subject: string;
  expiresAt: number;
  issuedAt: number | undefined;
}

interface Jwt {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
  signed: Buffer;
  signature: Buffer;
}

/**
 * Returns the claims of a JWT (RS256 or ES256) that the provider signed for one of its client ids
 * and that is valid at `now`. Throws AssumeRoleError with STS's code; the token is never part of
 * the message.
 */
export function verifyOidcToken(provider: OidcProvider, token: string, now: number): OidcClaims {
  const jwt = parseJwt(token);
  const { iss, aud, sub, exp, nbf, iat } = jwt.payload;
  if (iss !== provider.issuer)
    throw new AssumeRoleError(
      'AuthenticationFail.OIDCToken.IssuerNotMatch',
      `The issuer in the OIDC Token doesn't match the OIDC Provider registered: "${provider.name}" is ${provider.issuer}`,
    );
  if (!isSigned(jwt, provider.keys)) throw invalid('no key of the provider made its signature');
  const audiences = toAudiences(aud);
  if (!audiences.some((audience) => provider.clientIds.includes(audience)))
    throw new AssumeRoleError(
      'AuthenticationFail.OIDCToken.AudienceNotMatch',
      `Invalid audience: provider "${provider.name}" takes ${provider.clientIds.join(', ')}`,
    );
  if (typeof sub !== 'string' || sub === '') throw invalid('it has no sub');
  if (!isTime(exp)) throw invalid('it has no exp');
  if (exp * 1000 <= now)
    throw new AssumeRoleError(
      'AuthenticationFail.OIDCToken.Expired',
      `This JsonWebToken is expired: it was valid until ${new Date(exp * 1000).toISOString()}; read the token file again for each call`,
    );
  for (const [name, time] of Object.entries({ nbf, iat })) {
    if (time !== undefined && !isTime(time)) throw invalid(`its ${name} is no number of seconds`);
    if (isTime(time) && time * 1000 > now + LEEWAY_MS)
      throw invalid(`its ${name} is in the future`);
  }
  return {
    issuer: provider.issuer,
    audiences,
    subject: sub,
    expiresAt: exp * 1000,
    issuedAt: isTime(iat) ? iat * 1000 : undefined,
  };
}

function parseJwt(token: string): Jwt {
  const parts = token.trim().split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part)))
    throw invalid('it is not three parts of base64url with dots between');
  return {
    header: decodePart(header),
    payload: decodePart(payload),
    signed: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

function decodePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (isRecord(value)) return value;
  } catch {
    // Not JSON; reported below, without the text.
  }
  throw invalid('its header or payload is no JSON object');
}

/**
 * Returns whether the signature is valid. The algorithm is the key's, never chosen by the token
 * alone.
 */
function isSigned({ header, signed, signature }: Jwt, keys: readonly VerificationKey[]): boolean {
  return keys
    .filter(({ algorithm }) => algorithm === header.alg)
    .filter(({ id }) => header.kid === undefined || id === undefined || id === header.kid)
    .some(({ key }) => verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature));
}

function toAudiences(aud: unknown): string[] {
  const list: unknown[] = Array.isArray(aud) ? aud : [aud];
  return list.filter((item) => typeof item === 'string');
}

/** Returns whether a value is seconds since the epoch within a Date's range. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value * 1000 <= 8.64e15;
}

function invalid(reason: string): AssumeRoleError {
  return new AssumeRoleError(
    'AuthenticationFail.OIDCToken.Invalid',
    `This JsonWebToken is invalid: ${reason}`,
  );
}
