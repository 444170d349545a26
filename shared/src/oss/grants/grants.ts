import { type PostPolicyGrant, postPolicyGrant } from './post-policy.ts';
import type { Grantor, GrantRules, UploadWish } from './rules.ts';
import { type SignedUrlGrant, signedUrlGrant } from './signed-url.ts';
import { type StsGrant, stsGrant } from './sts-credential.ts';

export type { Grantor, GrantRules, UploadWish } from './rules.ts';

export type UploadGrant = PostPolicyGrant | SignedUrlGrant | StsGrant;

/**
 * Grants one upload directly to OSS, by the requested kind of grant; `roleArn` is assumed for `sts`. Throws
 * an InvalidInputError for a wish that breaks the rules, and as assumeRole does.
 */
export async function grantUpload(
  kind: UploadGrant['kind'],
  rules: GrantRules,
  wish: UploadWish,
  grantor: Grantor & { roleArn: string },
): Promise<UploadGrant> {
  if (kind === 'post') return postPolicyGrant(rules, wish, grantor);
  if (kind === 'url') return signedUrlGrant(rules, wish, grantor);
  return stsGrant(rules, wish, grantor);
}
