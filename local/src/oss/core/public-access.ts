import { OssError } from '../errors.ts';
import type { BucketAcl, BucketRecord } from '../store/types.ts';

type Blocking = Pick<BucketRecord, 'blockPublicAccess'>;

/** Throws AccessDenied for a public ACL on a bucket that blocks public access. */
export function checkBucketAcl(acl: BucketAcl, { blockPublicAccess }: Blocking): void {
  if (acl === 'private' || !blockPublicAccess) return;
  throw new OssError('AccessDenied', { message: 'Put public bucket acl is not allowed' });
}

/** Throws AccessDenied for a public ACL on an object in such a bucket. */
export function checkObjectAcl(acl: BucketAcl, { blockPublicAccess }: Blocking): void {
  if (acl === 'private' || !blockPublicAccess) return;
  throw new OssError('AccessDenied', {
    message: 'Put public object acl is not allowed',
    ec: '0016-00000901',
  });
}
