import { equalInConstantTime } from '../../equal-in-constant-time.ts';
import type { AccessKey } from '../../identities/types.ts';
import { fromBytes } from '../bytes.ts';
import {
  checkScope,
  findKey,
  mismatch,
  type SignatureContext,
  tooSkewed,
} from '../check-signature.ts';
import { invalidArgument, OssError } from '../errors.ts';
import { MAX_CLOCK_SKEW_MS, MAX_SIGNED_URL_SECONDS } from '../limits.ts';
import { refuseOtherFormSignatures } from '../other-signatures.ts';
import { signV1 } from '../signature/v1.ts';
import { ALGORITHM_V4, parseCredential, parseTimestamp, signV4 } from '../signature/v4.ts';
import { type PostPolicy, parsePostPolicy } from './policy.ts';

/** Fields of a form by lower-case name; values are bytes. */
export type FormFields = ReadonlyMap<string, string>;

export interface SignedForm {
  key: AccessKey;
  policy: PostPolicy;
}

const SIGNATURE_FIELDS = [
  'policy',
  'signature',
  'ossaccesskeyid',
  'x-oss-signature',
  'x-oss-signature-version',
  'x-oss-credential',
  'x-oss-security-token',
];
/**
 * Fields of version 4 that the policy must contain, as its date and scope are not signed
 * themselves.
 */
const IN_POLICY = ['x-oss-signature-version', 'x-oss-credential', 'x-oss-date'];

/**
 * Returns the signer of a form's policy, and the policy; undefined when the form is unsigned.
 * Throws when either is wrong, as for the other signatures.
 */
export function authenticateForm(
  context: SignatureContext,
  fields: FormFields,
): SignedForm | undefined {
  refuseOtherFormSignatures(fields);
  if (!SIGNATURE_FIELDS.some((name) => fields.has(name))) return undefined;
  const text = requireField(fields, 'policy', '0002-00000702');
  const token = fields.get('x-oss-security-token');
  const isV4 = fields.has('x-oss-signature-version') || fields.has('x-oss-signature');
  const key = isV4
    ? verifyV4(context, fields, text, token)
    : verifyV1(context, fields, text, token);
  const policy = parsePostPolicy(text);
  const missing = isV4 && IN_POLICY.find((name) => !policy.conditions.some(isOn(name)));
  if (missing)
    throw new OssError('InvalidPolicyDocument', {
      message: `Invalid Policy: conditions do not name ${missing}, which version 4 requires`,
    });
  return { key, policy };
}

function verifyV1(
  context: SignatureContext,
  fields: FormFields,
  policy: string,
  token: string | undefined,
): AccessKey {
  const signature = requireField(fields, 'Signature', '0002-00000703', '0002-00000704');
  const key = findKey(context, requireField(fields, 'OSSAccessKeyId'), token);
  if (equalInConstantTime(signV1(key.accessKeySecret, policy), signature)) return key;
  throw mismatch(key, signature, token, { StringToSign: policy });
}

function verifyV4(
  context: SignatureContext,
  fields: FormFields,
  policy: string,
  token: string | undefined,
): AccessKey {
  const version = requireField(fields, 'x-oss-signature-version');
  if (version !== ALGORITHM_V4)
    throw invalidArgument('x-oss-signature-version', fromBytes(version), `give ${ALGORITHM_V4}`);
  const signature = requireField(fields, 'x-oss-signature', '0002-00000703', '0002-00000704');
  const credential = parseCredential(requireField(fields, 'x-oss-credential'));
  if (!credential)
    throw new OssError('InvalidArgument', {
      message: 'x-oss-credential is not <id>/<yyyymmdd>/<region>/oss/aliyun_v4_request',
      ec: '0002-00000710',
    });
  const timestamp = requireField(fields, 'x-oss-date');
  const signedAt = parseTimestamp(timestamp);
  if (signedAt === undefined)
    throw invalidArgument('x-oss-date', fromBytes(timestamp), 'give yyyymmddTHHMMSSZ');
  checkScope(context, credential, timestamp);
  const key = findKey(context, credential.accessKeyId, token);
  checkAge(context, signedAt);
  const signingKey = context.signingKey(key.accessKeySecret, credential);
  if (equalInConstantTime(signV4(signingKey, policy), signature)) return key;
  throw mismatch(key, signature, token, { StringToSign: policy });
}

function checkAge(context: SignatureContext, signedAt: number): void {
  const now = context.clock.now();
  if (signedAt - now > MAX_CLOCK_SKEW_MS) throw tooSkewed(context, signedAt);
  if (now - signedAt > MAX_SIGNED_URL_SECONDS * 1000)
    throw new OssError('AccessDenied', {
      message: 'Invalid according to Policy: x-oss-date is more than seven days ago.',
    });
}

function isOn(name: string): (condition: { field: string }) => boolean {
  return ({ field }) => field === name;
}

function requireField(
  fields: FormFields,
  name: string,
  missing?: string,
  empty: string | undefined = missing,
): string {
  const value = fields.get(name.toLowerCase());
  if (value) return value;
  const ec = value === undefined ? missing : empty;
  throw new OssError('InvalidArgument', {
    message: `A signed form must contain the field "${name}", before the file`,
    details: { ArgumentName: name },
    ...(ec === undefined ? {} : { ec }),
  });
}
