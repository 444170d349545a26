import { systemClock } from '../../clock/clock.ts';
import { publicBucketUrl } from './address.ts';
import {
  checkWish,
  encodeCallback,
  type Grantor,
  type GrantRules,
  type UploadWish,
} from './rules.ts';
import { signingV4 } from './signature-v4.ts';

export interface PostPolicyGrant {
  kind: 'post';
  /** Where the form goes, as multipart/form-data. */
  url: string;
  key: string;
  /** Fields of the form; a field `file` comes after them, as the last. */
  fields: Record<string, string>;
  /** ISO 8601. */
  expiresAt: string;
  /** Rules and properties of the object that no policy can hold: whoever has the form can break or choose these. */
  notEnforced: string[];
}

/**
 * The fields that OSS knows in a form (page PostObject) and that no grant has: each could make the
 * object another one than was granted, have OSS call the uploader's own address, or cost more. Fields
 * `x-oss-meta-…` have names of the uploader's choice, which no policy can list.
 */
const FORBIDDEN_FIELDS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'success_action_redirect',
  'callback',
  'callback-var',
  'x-oss-storage-class',
  'x-oss-tagging',
  'x-oss-server-side-encryption',
  'x-oss-server-side-encryption-key-id',
  'x-oss-server-side-data-encryption',
  'x-oss-persistent-headers',
];

/**
 * A form that a browser posts to OSS. The service refuses another key, type, bucket or ACL, a larger
 * file, an existing key, a later date, and each of FORBIDDEN_FIELDS. A field is forbidden by a
 * condition that it is empty. (That OSS takes a field which is not in the form for an empty one is how
 * its errors read, page 0006-00000227, and not stated anywhere.) Throws as checkWish does.
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
    // OSS stores the second one before the first and before the file's own.
    'content-type': contentType,
    'x-oss-content-type': contentType,
    // The bucket's own ACL. Without this line a form could make its object writable by everybody.
    'x-oss-object-acl': 'default',
    success_action_status: '201',
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
      ...FORBIDDEN_FIELDS.filter((name) => !(name in exact)).map((name) => ['eq', `$${name}`, '']),
    ],
  };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  return {
    kind: 'post',
    url: publicBucketUrl(grantor),
    key,
    fields: { ...exact, policy, 'x-oss-signature': signing.sign(policy) },
    expiresAt,
    notEnforced: ['metadata'],
  };
}
