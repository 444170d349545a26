import type { Clock } from '../clock.ts';
import { equalInConstantTime } from '../equal-in-constant-time.ts';
import type { AccessKey, Authority } from '../identities/types.ts';
import { SmqError } from './errors.ts';
import { MAX_DATE_SKEW_MS } from './limits.ts';
import { compactDate, parseAuthorization, type SignedRequest, verify } from './signature.ts';

/**
 * Returns the key that signed the request. Checks the date, the key, the security token of a
 * temporary key and the signature, in this order. The codes for a missing, wrong or expired token
 * are this server's choice: those of the real service are not documented.
 */
export function authenticate(
  request: SignedRequest,
  { clock, authority }: { clock: Clock; authority: Authority },
): AccessKey {
  const { authorization: header, 'security-token': token = '' } = request.headers;
  if (header === undefined) throw new SmqError('MissingAuthorizationHeader');
  const authorization = parseAuthorization(header);
  if (!authorization) throw new SmqError('InvalidAuthorizationHeader');
  const at = dateOf(request, clock);

  const key = authority.findAccessKey(authorization.accessKeyId);
  if (!key) throw new SmqError('InvalidAccessKeyId');
  checkToken(key, token, clock);
  const sameDay = authorization.version === 2 || compactDate(at).startsWith(authorization.day);
  if (!sameDay || !verify(authorization, key.accessKeySecret, request, at))
    throw new SmqError('SignatureDoesNotMatch');
  return key;
}

function dateOf({ headers }: SignedRequest, clock: Clock): number {
  const date = headers.date ?? headers['x-mns-date'];
  if (date === undefined) throw new SmqError('MissingDateHeader');
  const at = parseDate(date);
  if (Number.isNaN(at)) throw new SmqError('InvalidDateHeader');
  if (Math.abs(at - clock.now()) > MAX_DATE_SKEW_MS) throw new SmqError('TimeExpired');
  return at;
}

let lastDate = '';
let lastAt = Number.NaN;

/** Parses a date; the last result is kept, since requests within one second have the same date. */
function parseDate(date: string): number {
  if (date !== lastDate) {
    lastAt = Date.parse(date);
    lastDate = date;
  }
  return lastAt;
}

function checkToken(key: AccessKey, token: string, clock: Clock): void {
  if (key.securityToken === undefined) {
    if (token !== '')
      throw new SmqError(
        'AccessDenied',
        'The security token you provided does not belong to the access Id.',
      );
    return;
  }
  if (token === '')
    throw new SmqError(
      'InvalidAccessKeyId',
      'The access Id you provided is temporary and the request has no security token.',
    );
  if (!equalInConstantTime(token, key.securityToken))
    throw new SmqError('AccessDenied', 'The security token you provided is invalid.');
  if (key.expiration !== undefined && key.expiration <= clock.now())
    throw new SmqError('AccessDenied', 'The security token you provided has expired.');
}
