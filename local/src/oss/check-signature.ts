import type { Clock } from '../clock.ts';
import { equalInConstantTime } from '../equal-in-constant-time.ts';
import type { AccessKey, Authority } from '../identities/types.ts';
import { fromBytes } from './bytes.ts';
import { OssError } from './errors.ts';
import { MAX_CLOCK_SKEW_MS } from './limits.ts';
import { type CredentialScope, signingKeyV4 } from './signature/v4.ts';

export interface AuthenticateOptions {
  authority: Authority;
  clock: Clock;
  /** Without `oss-`. */
  region: string;
}

/** What a signature, its key and its date are checked against. */
export interface SignatureContext extends AuthenticateOptions {
  signingKey(secret: string, scope: CredentialScope): Buffer;
}

const MAX_SIGNING_KEYS = 1000;

/**
 * Finds the key by its id. The names of the two token errors are not confirmed; that a temporary
 * key without its token is reported as unknown is.
 */
export function findKey(
  context: SignatureContext,
  accessKeyId: string,
  token: string | undefined,
): AccessKey {
  const key = context.authority.findAccessKey(accessKeyId);
  if (!key || (key.securityToken !== undefined && !token))
    throw new OssError('InvalidAccessKeyId', { details: { OSSAccessKeyId: accessKeyId } });
  if (key.securityToken === undefined && token)
    throw new OssError('InvalidSecurityToken', {
      message: 'A security token was sent with a long-term access key.',
    });
  if (key.securityToken !== undefined && !equalInConstantTime(key.securityToken, token ?? ''))
    throw new OssError('InvalidSecurityToken');
  if (key.expiration !== undefined && key.expiration <= context.clock.now())
    throw new OssError('SecurityTokenExpired');
  return key;
}

export function checkSkew(context: SignatureContext, time: number | undefined): void {
  if (time === undefined || Number.isNaN(time))
    throw new OssError('AccessDenied', {
      message: 'OSS authentication requires a valid Date.',
    });
  if (Math.abs(context.clock.now() - time) > MAX_CLOCK_SKEW_MS) throw tooSkewed(context, time);
}

export function tooSkewed({ clock }: SignatureContext, time: number): OssError {
  return new OssError('RequestTimeTooSkewed', {
    details: {
      MaxAllowedSkewMilliseconds: String(MAX_CLOCK_SKEW_MS),
      RequestTime: new Date(time).toISOString(),
      ServerTime: new Date(clock.now()).toISOString(),
    },
  });
}

export function checkUnexpired({ clock }: SignatureContext, expires: number): void {
  if (clock.now() <= expires) return;
  throw new OssError('AccessDenied', {
    message: 'Request has expired.',
    ec: '0002-00000069',
    details: {
      Expires: new Date(expires).toISOString(),
      ServerTime: new Date(clock.now()).toISOString(),
    },
  });
}

export function checkScope(
  context: SignatureContext,
  scope: CredentialScope,
  timestamp: string,
): void {
  if (scope.region !== context.region)
    throw new OssError('InvalidArgument', {
      message: `Invalid signing region in Authorization header: "${scope.region}", this is "${context.region}"`,
      ec: '0002-00000226',
    });
  if (scope.product !== 'oss')
    throw new OssError('InvalidArgument', {
      message: `Invalid signing product in Authorization header: "${scope.product}", this is "oss"`,
      ec: '0002-00000227',
    });
  if (scope.date !== timestamp.slice(0, 8))
    throw new OssError('InvalidArgument', {
      message: `Invalid signing date in Authorization header: "${scope.date}", x-oss-date is "${timestamp}"`,
    });
}

/**
 * Returns the error for a wrong signature, with the text that the server signed, for comparison; a
 * security token in it is hidden.
 */
export function mismatch(
  key: AccessKey,
  signature: string,
  token: string | undefined,
  texts: Record<string, string>,
): OssError {
  const hide = (text: string) => (token ? text.replaceAll(token, '(security token)') : text);
  return new OssError('SignatureDoesNotMatch', {
    details: {
      OSSAccessKeyId: key.accessKeyId,
      SignatureProvided: signature,
      ...Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [name, fromBytes(hide(text))]),
      ),
    },
  });
}

/** Caches signing keys, which are the same for a day; this saves four HMACs per request. */
export function keepingKeys(): SignatureContext['signingKey'] {
  const kept = new Map<string, Buffer>();
  return (secret, scope) => {
    const id = `${secret}/${scope.date}/${scope.region}/${scope.product}`;
    let key = kept.get(id);
    if (!key) {
      if (kept.size >= MAX_SIGNING_KEYS) kept.clear();
      key = signingKeyV4(secret, scope);
      kept.set(id, key);
    }
    return key;
  };
}
