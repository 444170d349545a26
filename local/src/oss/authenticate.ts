import { equalInConstantTime } from '../equal-in-constant-time.ts';
import type { AccessKey } from '../identities/types.ts';
import { fromBytes, toBytes } from './bytes.ts';
import {
  checkScope,
  checkSkew,
  checkUnexpired,
  findKey,
  mismatch,
  type SignatureContext,
  tooSkewed,
} from './check-signature.ts';
import { invalidArgument, OssError } from './errors.ts';
import { MAX_CLOCK_SKEW_MS, MAX_SIGNED_URL_SECONDS } from './limits.ts';
import { refuseOtherSignatures } from './other-signatures.ts';
import type { OssRequest } from './request.ts';
import type { SignedRequest } from './signature/request.ts';
import { parseAuthorizationV1, signV1, stringToSignV1 } from './signature/v1.ts';
import {
  ALGORITHM_V4,
  type AuthorizationV4,
  canonicalRequestV4,
  parseAdditionalHeaders,
  parseAuthorizationV4,
  parseCredential,
  parseTimestamp,
  signV4,
  stringToSignV4,
} from './signature/v4.ts';

const CONTENT_HASH = 'x-oss-content-sha256';
const UNSIGNED = 'UNSIGNED-PAYLOAD';

/**
 * Returns the key that signed the request; undefined if it is unsigned. Throws when the signature,
 * its date, its key or its token is wrong.
 */
export type Authenticate = (request: OssRequest) => AccessKey | undefined;

export function authenticator(context: SignatureContext): Authenticate {
  return (request) => {
    refuseOtherSignatures(request);
    checkContentHash(request);
    const header = request.headers.get('authorization');
    const { query } = request;
    const signedV4 = query.has('x-oss-signature-version') || query.has('x-oss-signature');
    const signedV1 = query.has('OSSAccessKeyId') || query.has('Signature');
    if (header !== undefined && (signedV4 || signedV1))
      throw invalidArgument('Authorization', '(hidden)', 'sign in the header or the URL, not both');
    if (header?.startsWith(`${ALGORITHM_V4} `)) return headerV4(context, request, header);
    if (header?.startsWith('OSS ')) return headerV1(context, request, header);
    if (header !== undefined)
      throw invalidArgument('Authorization', '(hidden)', `start it with OSS or ${ALGORITHM_V4}`);
    if (signedV4) return urlV4(context, request);
    return signedV1 ? urlV1(context, request) : undefined;
  };
}

/**
 * Throws InvalidArgument for a hash of the content: no signature of OSS covers it, so it would be
 * ignored.
 */
function checkContentHash({ headers }: OssRequest): void {
  const value = headers.get(CONTENT_HASH);
  if (value === undefined || value === UNSIGNED) return;
  throw new OssError('InvalidArgument', {
    message: `The ${CONTENT_HASH} only supports ${UNSIGNED}.`,
    ec: '0002-00000214',
    details: { ArgumentName: CONTENT_HASH, ArgumentValue: fromBytes(value) },
  });
}

function headerV1(context: SignatureContext, request: OssRequest, header: string): AccessKey {
  const authorization = parseAuthorizationV1(header);
  if (!authorization)
    throw invalidArgument('Authorization', '(hidden)', 'give OSS <id>:<signature>');
  const date = request.headers.get('x-oss-date') ?? request.headers.get('date') ?? '';
  checkSkew(context, /^[A-Za-z]{3},/.test(date) ? Date.parse(date) : Number.NaN);
  const token = request.headers.get('x-oss-security-token');
  const key = findKey(context, authorization.accessKeyId, token);
  return checkSignatureV1(key, signedPart(request), date, authorization.signature, token);
}

function urlV1(context: SignatureContext, request: OssRequest): AccessKey {
  const { query } = request;
  const id = query.bytes('OSSAccessKeyId');
  const signature = query.bytes('Signature');
  const expires = query.bytes('Expires') ?? '';
  if (!id || !signature || !/^\d{1,12}$/.test(expires))
    throw new OssError('AccessDenied', {
      message:
        'Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters.',
    });
  const token = query.bytes('security-token');
  const key = findKey(context, id, token);
  checkUnexpired(context, Number(expires) * 1000);
  return checkSignatureV1(key, signedPart(request), expires, signature, token);
}

function headerV4(context: SignatureContext, request: OssRequest, header: string): AccessKey {
  const authorization = parseAuthorizationV4(header);
  if (!authorization)
    throw invalidArgument('Authorization', '(hidden)', 'give Credential=…,Signature=… in it');
  const timestamp = request.headers.get('x-oss-date') ?? '';
  checkSkew(context, parseTimestamp(timestamp));
  checkScope(context, authorization.credential, timestamp);
  const token = request.headers.get('x-oss-security-token');
  const key = findKey(context, authorization.credential.accessKeyId, token);
  return checkSignatureV4(context, key, request, authorization, timestamp, token);
}

function urlV4(context: SignatureContext, request: OssRequest): AccessKey {
  const { query } = request;
  const version = query.bytes('x-oss-signature-version') ?? '';
  if (version !== ALGORITHM_V4)
    throw invalidArgument('x-oss-signature-version', fromBytes(version), `give ${ALGORITHM_V4}`);
  const credential = parseCredential(query.bytes('x-oss-credential') ?? '');
  const signature = query.bytes('x-oss-signature');
  const timestamp = query.bytes('x-oss-date') ?? '';
  const signedAt = parseTimestamp(timestamp);
  if (!credential || !signature || signedAt === undefined)
    throw new OssError('AccessDenied', {
      message:
        'Query-string authentication requires the x-oss-credential, x-oss-date, x-oss-expires and x-oss-signature parameters.',
    });
  const span = query.integer('x-oss-expires', {
    min: 1,
    max: MAX_SIGNED_URL_SECONDS,
    otherwise: 0,
  });
  checkScope(context, credential, timestamp);
  const token = query.bytes('x-oss-security-token');
  const key = findKey(context, credential.accessKeyId, token);
  if (signedAt - context.clock.now() > MAX_CLOCK_SKEW_MS) throw tooSkewed(context, signedAt);
  checkUnexpired(context, signedAt + span * 1000);
  const additionalHeaders = parseAdditionalHeaders(query.bytes('x-oss-additional-headers') ?? '');
  const authorization = { credential, additionalHeaders, signature };
  return checkSignatureV4(context, key, request, authorization, timestamp, token);
}

function signedPart({ method, bucket, key, query, headers }: OssRequest): SignedRequest {
  return {
    method,
    bucket,
    key: key === undefined ? undefined : toBytes(key),
    query: query.all,
    headers: headers.all,
  };
}

function checkSignatureV1(
  key: AccessKey,
  request: SignedRequest,
  date: string,
  signature: string,
  token: string | undefined,
): AccessKey {
  const stringToSign = stringToSignV1(request, date);
  if (equalInConstantTime(signV1(key.accessKeySecret, stringToSign), signature)) return key;
  throw mismatch(key, signature, token, { StringToSign: stringToSign });
}

function checkSignatureV4(
  context: SignatureContext,
  key: AccessKey,
  request: OssRequest,
  authorization: AuthorizationV4,
  timestamp: string,
  token: string | undefined,
): AccessKey {
  const { credential, additionalHeaders, signature } = authorization;
  for (const name of additionalHeaders)
    if (request.headers.get(name) === undefined)
      throw invalidArgument('AdditionalHeaders', name, 'send the header, or do not sign it');
  const signingKey = context.signingKey(key.accessKeySecret, credential);
  const signed = signedPart(request);
  // `?prefix=` is signed as `prefix` by some SDKs and as `prefix=` by others, ali-oss among them.
  const texts = (emptyValues: 'bare' | 'with-equals-sign') => {
    const canonicalRequest = canonicalRequestV4(signed, { additionalHeaders, emptyValues });
    const stringToSign = stringToSignV4(canonicalRequest, timestamp, credential);
    return { canonicalRequest, stringToSign };
  };
  const fits = ({ stringToSign }: ReturnType<typeof texts>) =>
    equalInConstantTime(signV4(signingKey, stringToSign), signature);
  const documented = texts('bare');
  if (fits(documented) || fits(texts('with-equals-sign'))) return key;
  throw mismatch(key, signature, token, {
    StringToSign: documented.stringToSign,
    CanonicalRequest: documented.canonicalRequest,
  });
}
