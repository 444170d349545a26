import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { equalInConstantTime } from '../../equal-in-constant-time.ts';
import type { AccessKey, Authority } from '../../identities/types.ts';
import type { Nonces } from '../../openapi/nonces.ts';
import { parseAcs3, sha256, signAcs3 } from '../../openapi/signature/acs3.ts';
import { percentDecodeOrKeep } from '../../percent.ts';
import { FcError } from '../errors.ts';
import { parseFc, signFc } from './signature.ts';

export interface SignedRequest {
  method: string;
  /** The path as sent, without the query. */
  path: string;
  query: URLSearchParams;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

export interface AuthenticateOptions {
  clock: Clock;
  authority: Pick<Authority, 'findAccessKey'>;
  nonces: Nonces;
}

/** Maximum difference between a request's date and the server's, either way. */
const MAX_DATE_SKEW_MS = 15 * 60 * 1000;

/**
 * Returns the key that signed the request with ACS3-HMAC-SHA256. The API requires that the host, a
 * nonce and the body's hash are signed; at an HTTP trigger (`strict: false`) only the date is
 * required, and anything else that is sent must be correct. Throws FcError.
 */
export function authenticateAcs3(
  request: SignedRequest,
  options: AuthenticateOptions & { strict: boolean },
): AccessKey {
  const { headers, body } = request;
  const authorization = parseAcs3(headers.authorization ?? '');
  if (!authorization)
    throw new FcError(
      'AccessDenied',
      'Authorization has to be of the form ACS3-HMAC-SHA256 Credential=<id>,SignedHeaders=<a;b>,Signature=<hex>',
    );
  const { accessKeyId, signedHeaders, signature } = authorization;
  const signs = (name: string): boolean =>
    (options.strict && name === 'host') || name.startsWith('x-acs-');
  const unsigned = ['host', ...Object.keys(headers)].find(
    (name) => signs(name) && !signedHeaders.includes(name),
  );
  if (unsigned) throw new FcError('SignatureNotMatch', `SignedHeaders lacks ${unsigned}`);
  const key = findKey(accessKeyId, options);
  checkToken(key, headers['x-acs-security-token'] ?? '', options.clock);
  const date = headers['x-acs-date'] ?? '';
  checkDate(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(date), 'x-acs-date', options);
  const hash = headers['x-acs-content-sha256'];
  if (hash === undefined && options.strict) throw missing('x-acs-content-sha256');
  if (!equalInConstantTime(signature, signAcs3(key.accessKeySecret, request, signedHeaders)))
    throw new FcError('SignatureNotMatch', 'The signature does not match the one computed here');
  if (hash && hash.toLowerCase() !== sha256(body))
    throw new FcError('SignatureNotMatch', 'x-acs-content-sha256 is not the hash of the body');
  const nonce = headers['x-acs-signature-nonce'];
  if (nonce === undefined && options.strict) throw missing('x-acs-signature-nonce');
  if (nonce !== undefined && !options.nonces.use(accessKeyId, nonce))
    throw new FcError('SignatureNonceUsed', 'x-acs-signature-nonce was used already');
  return key;
}

/** Returns the key that signed the request with the signature of the 2.0 API. Throws FcError. */
export function authenticateFc(request: SignedRequest, options: AuthenticateOptions): AccessKey {
  const { headers, body } = request;
  const authorization = parseFc(headers.authorization ?? '');
  if (!authorization)
    throw new FcError('AccessDenied', 'Authorization has to be of the form FC <id>:<signature>');
  const key = findKey(authorization.accessKeyId, options);
  checkToken(key, headers['x-fc-security-token'] ?? '', options.clock);
  const date = headers.date ?? '';
  checkDate(date, /GMT$/.test(date), 'date', options);
  const wanted = signFc(key.accessKeySecret, {
    ...request,
    path: percentDecodeOrKeep(request.path),
  });
  if (!equalInConstantTime(authorization.signature, wanted))
    throw new FcError('SignatureNotMatch', 'The signature does not match the one computed here');
  const md5 = headers['content-md5'];
  if (md5 !== undefined && !md5Forms(body).includes(md5))
    throw new FcError('InvalidArgument', 'Content-MD5 is not that of the body');
  return key;
}

/**
 * Returns the accepted forms: the base64 of the digest, and that of its hex digits, which the
 * official 2.0 SDK sends.
 */
function md5Forms(body: Buffer): string[] {
  const digest = createHash('md5').update(body).digest();
  return [digest.toString('base64'), Buffer.from(digest.toString('hex')).toString('base64')];
}

function findKey(accessKeyId: string, { authority }: AuthenticateOptions): AccessKey {
  const key = authority.findAccessKey(accessKeyId);
  if (key) return key;
  throw new FcError('InvalidAccessKeyID', `AccessKey id "${accessKeyId}" does not exist`);
}

function checkToken({ securityToken, expiration }: AccessKey, token: string, clock: Clock): void {
  if (!equalInConstantTime(token, securityToken ?? ''))
    throw new FcError(
      'InvalidSecurityToken',
      token === ''
        ? 'The key is temporary: send its security token'
        : 'The security token is not the key\u2019s',
    );
  if (expiration !== undefined && expiration <= clock.now())
    throw new FcError('SecurityTokenExpired', 'The security token has expired');
}

function checkDate(
  date: string,
  wellFormed: boolean,
  header: string,
  { clock }: AuthenticateOptions,
): void {
  if (date === '') throw missing(header);
  const at = wellFormed ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(at)) throw new FcError('InvalidArgument', `${header} is "${date}", no date`);
  if (Math.abs(at - clock.now()) > MAX_DATE_SKEW_MS)
    throw new FcError(
      'RequestTimeTooSkewed',
      `${header} is ${date}; the server's time is ${new Date(clock.now()).toISOString()}, and it takes 15 minutes either way`,
    );
}

function missing(header: string): FcError {
  return new FcError('MissingRequiredHeader', `Header ${header} is missing`);
}
