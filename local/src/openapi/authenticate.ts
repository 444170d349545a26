import type { Clock } from '../clock.ts';
import { equalInConstantTime } from '../equal-in-constant-time.ts';
import type { AccessKey, Authority } from '../identities/types.ts';
import { because, missing, OpenApiError } from './errors.ts';
import { MAX_DATE_SKEW_MS } from './limits.ts';
import type { Nonces } from './nonces.ts';
import type { OpenApiRequest } from './request.ts';
import { ACS3_ALGORITHM, parseAcs3, sha256, signAcs3 } from './signature/acs3.ts';
import { signRpc } from './signature/rpc.ts';

/** The signature of a request and its related values, in either style. */
interface RequestSignature {
  accessKeyId: string;
  /** Empty when there is none. */
  token: string;
  date: string;
  nonce: string;
  signature: string;
  /** Returns the signature that this secret would produce. */
  expected(secret: string): string;
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/**
 * Returns the key that signed the request. Checks, in this order, that the signature is complete,
 * the key, the token of a temporary one, the date, the signature and that the nonce is new. Throws
 * OpenApiError.
 */
export function authenticate(
  request: OpenApiRequest,
  { clock, authority, nonces }: { clock: Clock; authority: Authority; nonces: Nonces },
): AccessKey {
  if (request.scheme === 'anonymous') throw missing('AccessKeyId');
  const signed = request.scheme === 'rpc' ? readRpcSignature(request) : readAcs3Signature(request);
  const key = authority.findAccessKey(signed.accessKeyId);
  if (!key) throw new OpenApiError('InvalidAccessKeyId.NotFound');
  checkToken(key, signed.token, clock);
  checkDate(signed.date, clock);
  if (!equalInConstantTime(signed.signature, signed.expected(key.accessKeySecret)))
    throw new OpenApiError('SignatureDoesNotMatch');
  if (!nonces.use(signed.accessKeyId, signed.nonce)) throw new OpenApiError('SignatureNonceUsed');
  return key;
}

function readRpcSignature({ method, parameters }: OpenApiRequest): RequestSignature {
  if (parameters.get('SignatureType') !== undefined)
    throw because('NotImplemented', 'It takes no SignatureType: leave it out and sign.');
  const accessKeyId = parameters.required('AccessKeyId');
  if (parameters.required('SignatureMethod') !== 'HMAC-SHA1')
    throw because('InvalidSignatureMethod', 'In RPC style it is HMAC-SHA1.');
  if (parameters.required('SignatureVersion') !== '1.0')
    throw because('InvalidSignatureMethod', 'SignatureVersion is 1.0.');
  const signature = parameters.get('Signature');
  if (signature === undefined) throw because('IncompleteSignature', 'Signature is missing.');
  return {
    accessKeyId,
    token: parameters.get('SecurityToken') ?? '',
    date: parameters.required('Timestamp'),
    nonce: parameters.required('SignatureNonce'),
    signature,
    expected: (secret) => signRpc(secret, method, parameters),
  };
}

function readAcs3Signature(request: OpenApiRequest): RequestSignature {
  const { headers, body } = request;
  const header = headers.authorization ?? '';
  const [algorithm = ''] = header.split(' ');
  if (/^ACS3-/.test(algorithm) && algorithm !== ACS3_ALGORITHM)
    throw because('InvalidSignatureMethod', `Sign with ${ACS3_ALGORITHM}.`);
  const authorization = parseAcs3(header);
  if (!authorization)
    throw because(
      'IncompleteSignature',
      `Authorization has to be of the form ${ACS3_ALGORITHM} Credential=<id>,SignedHeaders=<a;b>,Signature=<hex>.`,
    );
  const { accessKeyId, signedHeaders, signature } = authorization;
  const unsigned = ['host', ...Object.keys(headers)].find(
    (name) => (name === 'host' || name.startsWith('x-acs-')) && !signedHeaders.includes(name),
  );
  if (unsigned !== undefined)
    throw because('IncompleteSignature', `SignedHeaders lacks ${unsigned}.`);
  const required = (name: string, parameter: string): string => {
    const value = headers[name];
    if (value === undefined || value === '') throw missing(parameter, name);
    return value;
  };
  if (required('x-acs-content-sha256', 'ContentSha256').toLowerCase() !== sha256(body))
    throw because('SignatureDoesNotMatch', 'x-acs-content-sha256 is not the hash of the body.');
  return {
    accessKeyId,
    token: headers['x-acs-security-token'] ?? '',
    date: required('x-acs-date', 'Timestamp'),
    nonce: required('x-acs-signature-nonce', 'SignatureNonce'),
    signature,
    expected: (secret) => signAcs3(secret, request, signedHeaders),
  };
}

function checkToken({ securityToken, expiration }: AccessKey, token: string, clock: Clock): void {
  if (securityToken === undefined) {
    if (token !== '') throw new OpenApiError('InvalidSecurityToken.MismatchWithAccessKey');
    return;
  }
  if (token === '') throw missing('SecurityToken');
  if (!equalInConstantTime(token, securityToken))
    throw new OpenApiError(
      token.startsWith('CAIS')
        ? 'InvalidSecurityToken.MismatchWithAccessKey'
        : 'InvalidSecurityToken.Malformed',
    );
  if (expiration !== undefined && expiration <= clock.now())
    throw new OpenApiError('InvalidSecurityToken.Expired');
}

function checkDate(date: string, clock: Clock): void {
  const at = DATE.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(at))
    throw because('InvalidTimeStamp.Format', 'Write it in UTC as 2030-01-31T09:00:00Z.');
  if (Math.abs(at - clock.now()) > MAX_DATE_SKEW_MS)
    throw because(
      'InvalidTimeStamp.Expired',
      `The server's time is ${new Date(clock.now()).toISOString()}; it takes 15 minutes either way.`,
    );
}
