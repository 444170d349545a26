import { systemClock } from '../../clock/clock.ts';
import { publicBucketUrl } from './address.ts';
import {
  checkWish,
  encodeCallback,
  type Grantor,
  type GrantRules,
  NO_CALLBACK,
  type UploadWish,
} from './rules.ts';
import { signingV4 } from './signature-v4.ts';

export interface PostPolicyGrant {
  kind: 'post';
  /** Address to post the form to, as multipart/form-data. */
  url: string;
  key: string;
  /** Fields of the form; a field `file` must follow as the last one. */
  fields: Record<string, string>;
  /** ISO 8601. */
  expiresAt: string;
  /** Rules and properties of the object that no policy can enforce: anyone with the form can break or choose these. */
  notEnforced: string[];
}

/**
 * Fields that a grant does not need, each with a documented value that leaves the object as it would be
 * without the field. A policy cannot forbid a field: a form that lacks a field named by a condition is
 * refused (page 0006-00000226), so every field to be fixed has to be in the form. Values of the standard
 * headers: page manage-object-metadata; of the callback: see NO_CALLBACK.
 */
const NEUTRAL_FIELDS = {
  'content-disposition': 'inline',
  'content-encoding': 'identity',
  'x-oss-storage-class': 'Standard',
  callback: NO_CALLBACK,
};

/**
 * Fields that have no such value. They affect only the uploader's own answer and redirect, how long caches
 * keep the object, and its language; tags only if the signer has oss:PutObjectTagging.
 */
const FREE_FIELDS = [
  'metadata',
  'cacheControl',
  'contentLanguage',
  'expires',
  'callbackVar',
  'successActionRedirect',
  'tagging',
  'serverSideEncryption',
];

/**
 * Returns a form that a browser posts to OSS. The service refuses another key, type, encoding, disposition,
 * storage class, bucket or ACL, a larger file, an existing key, and a later date. Every field of the form
 * is named in its policy, including the callback, which must be `rules.callback` or none. Fields that are
 * not in the form can be added, as `notEnforced` lists. Throws as checkWish does.
 */
export function postPolicyGrant(
  rules: GrantRules,
  wish: UploadWish,
  grantor: Grantor,
): PostPolicyGrant {
  const { key, contentType } = checkWish(rules, wish);
  const { now = systemClock.now() } = grantor;
  const signing = signingV4({ ...grantor, now });
  const exact: Record<string, string> = {
    key,
    // OSS uses the second one before the first, and both before the file's own.
    'content-type': contentType,
    'x-oss-content-type': contentType,
    // The bucket's own ACL. Without this line a form could make its object public for writing.
    'x-oss-object-acl': 'default',
    success_action_status: '201',
    ...NEUTRAL_FIELDS,
    ...(!rules.overwrite && { 'x-oss-forbid-overwrite': 'true' }),
    ...(rules.callback && { callback: encodeCallback(rules.callback) }),
    'x-oss-signature-version': signing.algorithm,
    'x-oss-credential': signing.credential,
    'x-oss-date': signing.date,
    ...(signing.securityToken && { 'x-oss-security-token': signing.securityToken }),
  };
  const expiresAt = new Date(now + rules.expiresInSeconds * 1000).toISOString();
  const document = {
    expiration: expiresAt,
    conditions: [
      { bucket: grantor.bucket },
      ['content-length-range', 0, rules.maxBytes],
      ...Object.entries(exact).map(([name, value]) => ['eq', `$${name}`, value]),
    ],
  };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  return {
    kind: 'post',
    url: publicBucketUrl(grantor),
    key,
    fields: { ...exact, policy, 'x-oss-signature': signing.sign(policy) },
    expiresAt,
    notEnforced: FREE_FIELDS,
  };
}
