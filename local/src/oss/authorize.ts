import type { AccessKey, Authority } from '../identities/types.ts';
import { OssError } from './errors.ts';
import type { OssService } from './service.ts';

/** A permission that a request needs. */
export interface Permission {
  action: `oss:${string}`;
  /** Absent for the service as a whole. */
  bucket?: string | undefined;
  /** Absent for the bucket as a whole. */
  key?: string | undefined;
  /** ACL access that allows an unsigned request; absent when no ACL can. */
  access?: 'read' | 'write';
  /** Whether a symlink is followed: then the same permission is needed for its target. */
  follows?: boolean;
  /** Whether the bucket is created if it does not exist. */
  makes?: boolean;
}

export interface Client {
  /** Absent for an unsigned request. */
  key: AccessKey | undefined;
  sourceIp: string | undefined;
}

/**
 * Throws NoSuchBucket, or AccessDenied unless the policies of the signer's key allow every
 * permission. Where the policies say nothing, and for an unsigned request, the ACLs decide.
 */
export function authorize(
  permissions: readonly Permission[],
  client: Client,
  authority: Authority,
  service: OssService,
): void {
  const touched = permissions.flatMap((permission) => [
    permission,
    ...targetOf(permission, service),
  ]);
  for (const permission of touched) {
    if (permission.bucket !== undefined && !permission.makes)
      service.buckets.require(permission.bucket);
    if (client.key) checkPolicy(permission, client.key, client, authority, service);
    else if (!aclAllows(permission, service)) throw refusedByAcl();
  }
}

/**
 * Yields the same permission for the target of a symlink; it is checked after the one for the
 * symlink itself.
 */
function* targetOf(permission: Permission, service: OssService): Generator<Permission> {
  const { bucket, key, follows = false } = permission;
  if (!follows || bucket === undefined || key === undefined) return;
  const target = service.objects.find({ bucket, key })?.target;
  if (target !== undefined) yield { ...permission, key: target, follows: false };
}

function checkPolicy(
  permission: Permission,
  accessKey: AccessKey,
  { sourceIp }: Client,
  authority: Authority,
  service: OssService,
): void {
  const { action, bucket, key } = permission;
  const path = key === undefined ? (bucket ?? '*') : `${bucket}/${key}`;
  const decision = authority.authorize(accessKey, {
    action,
    resource: `acs:oss:*:${authority.accountId}:${path}`,
    secureTransport: false,
    ...(sourceIp === undefined ? {} : { sourceIp }),
  });
  if (decision.allowed || (!decision.by && aclAllows(permission, service))) return;
  const bySession = decision.by === 'session-policy';
  throw new OssError('AccessDenied', {
    message: bySession
      ? "Access denied by authorizer's policy."
      : `You have no right to access this object: ${decision.reason}`,
    ec: EC_OF_REFUSAL[decision.by ?? 'nothing-allows'],
    details: { AuthAction: action, ...(bySession && { Reason: decision.reason }) },
  });
}

const EC_OF_REFUSAL = {
  'deny-statement': '0003-00000201',
  'nothing-allows': '0003-00000202',
  'session-policy': '0003-00000301',
};

function aclAllows({ bucket, key, access }: Permission, service: OssService): boolean {
  if (bucket === undefined || key === undefined || access === undefined) return false;
  const own = service.objects.find({ bucket, key })?.acl ?? 'default';
  const { acl: otherwise, blockPublicAccess } = service.buckets.require(bucket);
  const acl = own === 'default' ? otherwise : own;
  if (blockPublicAccess) return false;
  return acl === 'public-read-write' || (acl === 'public-read' && access === 'read');
}

function refusedByAcl(): OssError {
  return new OssError('AccessDenied', {
    message: 'You have no right to access this object because of bucket acl.',
    ec: '0003-00000001',
  });
}
