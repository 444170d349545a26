import { hasCode, InvalidInputError } from '../../errors/errors.ts';
import { MAX_POLICY_CHARACTERS, MIN_SESSION_SECONDS } from '../../openapi/session.ts';
import { assumeRole } from '../../openapi/sts.ts';
import { publicBucketUrl } from './address.ts';
import { checkWish, type Grantor, type GrantRules, type UploadWish } from './rules.ts';

export interface StsGrant {
  kind: 'sts';
  bucket: string;
  region: string;
  /** The bucket's public address. */
  url: string;
  key: string;
  credentials: { accessKeyId: string; accessKeySecret: string; securityToken: string };
  /** ISO 8601. */
  expiresAt: string;
  /**
   * Rules and properties of the object that no policy can express: anyone with the credential can break or
   * choose these. `expiry` means that it is valid for longer than the rules say.
   */
  notEnforced: string[];
}

/**
 * Returns a credential of `roleArn` that can put this one object, in one piece or in parts, and nothing
 * else, for at least 900 seconds, the shortest that STS allows. A policy knows only actions, keys and time;
 * what `notEnforced` names is up to the uploader, so give the credential only to clients that could be
 * trusted with the bucket. oss:PutObject includes appending and symbolic links, and everything a put may
 * say about its object. Throws as checkWish and assumeRole do.
 */
export async function stsGrant(
  rules: GrantRules,
  wish: UploadWish,
  grantor: Grantor & { roleArn: string },
): Promise<StsGrant> {
  const { key } = checkWish(rules, wish);
  const { bucket, region, roleArn, credentials, env } = grantor;
  const given = await assumeRole({
    credentials,
    region,
    roleArn,
    ...(env && { env }),
    sessionName: 'upload-grant',
    durationSeconds: Math.max(rules.expiresInSeconds, MIN_SESSION_SECONDS),
    policy: policyFor(bucket, key),
  }).catch((error: unknown) => {
    // Policies differ only in the key.
    throw POLICY_CODES.some((code) => hasCode(error, code)) ? unfit(error) : error;
  });
  const { accessKeyId, accessKeySecret, securityToken = '', expiration = 0 } = given;
  return {
    kind: 'sts',
    bucket,
    region,
    url: publicBucketUrl(grantor),
    key,
    credentials: { accessKeyId, accessKeySecret, securityToken },
    expiresAt: new Date(expiration).toISOString(),
    notEnforced: [
      ...UP_TO_THE_UPLOADER,
      ...(rules.overwrite ? [] : ['overwrite']),
      ...(rules.callback ? ['callback'] : []),
      ...(rules.expiresInSeconds < MIN_SESSION_SECONDS ? ['expiry'] : []),
    ],
  };
}

/** Properties that oss:PutObject lets a client set on its object, or make of it. */
const UP_TO_THE_UPLOADER = [
  'contentType',
  'size',
  'acl',
  'append',
  'symlink',
  'storageClass',
  'encryption',
  'metadata',
  'cacheControl',
  'contentDisposition',
  'contentEncoding',
  'contentLanguage',
  'expires',
];

/** Codes with which STS rejects a policy. */
const POLICY_CODES = ['InvalidParameter.PolicyGrammar', 'InvalidParameter.PolicySize'];

/**
 * Returns the credential's policy as STS takes it. Throws an InvalidInputError (`InvalidObjectKey`) for a
 * key that makes it too long: each quote in it takes two characters.
 */
function policyFor(bucket: string, key: string): object {
  const policy = {
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['oss:PutObject', 'oss:AbortMultipartUpload'],
        Resource: [`acs:oss:*:*:${bucket}/${key}`],
      },
    ],
  };
  if (JSON.stringify(policy).length > MAX_POLICY_CHARACTERS) throw unfit();
  return policy;
}

function unfit(cause?: unknown): InvalidInputError {
  return new InvalidInputError('Object name does not fit into the policy of a credential', {
    code: 'InvalidObjectKey',
    cause,
    remedy: 'give a shorter one, without quotes and separators of lines',
  });
}
