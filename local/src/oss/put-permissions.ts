import type { Permission } from './authorize.ts';
import { objectOf } from './operation.ts';
import type { OssRequest } from './request.ts';

/** Returns the permissions that storing an object needs: one more with tags. */
export function putPermissions(request: OssRequest): Permission[] {
  const path = objectOf(request);
  const permissions: Permission[] = [{ action: 'oss:PutObject', ...path, access: 'write' }];
  if (request.headers.get('x-oss-tagging') !== undefined)
    permissions.push({ action: 'oss:PutObjectTagging', ...path });
  return permissions;
}
