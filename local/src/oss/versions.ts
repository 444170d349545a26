import type { Permission } from './authorize.ts';
import type { OssRequest } from './request.ts';

/**
 * Returns the permissions of a request that names a version: the one for the object, and the one
 * for its version as well (pages of GetObject and CopyObject, "Permissions").
 */
export function withVersion(permissions: readonly Permission[], isNamed: boolean): Permission[] {
  return permissions.flatMap((permission) => [
    permission,
    ...(isNamed ? [{ ...permission, action: actionOfVersion(permission.action) }] : []),
  ]);
}

/** Returns whether the request names a version of its object. */
export function namesVersion({ query }: Pick<OssRequest, 'query'>): boolean {
  return query.has('versionId');
}

/** Returns `oss:GetObjectVersionAcl` for `oss:GetObjectAcl`, and so on. */
function actionOfVersion(action: Permission['action']): Permission['action'] {
  return action.replace('Object', 'ObjectVersion') as Permission['action'];
}
