import type { Permission } from './authorize.ts';
import type { OssRequest } from './request.ts';

/** What a request that names a version needs: the permission for the object, and the one for its version besides (pages of GetObject and CopyObject, "Permissions"). */
export function withVersion(permissions: readonly Permission[], isNamed: boolean): Permission[] {
  return permissions.flatMap((permission) => [
    permission,
    ...(isNamed ? [{ ...permission, action: actionOfVersion(permission.action) }] : []),
  ]);
}

/** Whether the request is about one version of its object. */
export function namesVersion({ query }: Pick<OssRequest, 'query'>): boolean {
  return query.has('versionId');
}

/** `oss:GetObjectVersionAcl` of `oss:GetObjectAcl`. */
function actionOfVersion(action: Permission['action']): Permission['action'] {
  return action.replace('Object', 'ObjectVersion') as Permission['action'];
}
