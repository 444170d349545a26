import type { Permission } from './authorize.ts';
import { fromValidBytes } from './bytes.ts';
import { checkBucketName, checkObjectKey } from './core/names.ts';
import type { ObjectPath } from './core/objects.ts';
import { invalidArgument, notImplemented } from './errors.ts';
import { decodeBytes, type OssRequest } from './request.ts';
import { withVersion } from './versions.ts';

/**
 * Returns the permissions that reading the source needs, and its tags where the request names tags;
 * a symlink is followed. Throws what `readCopySource` throws.
 */
export function copySourcePermissions(request: OssRequest, tags = false): Permission[] {
  const isVersion = (request.headers.get('x-oss-copy-source') ?? '').includes('?');
  const source = readCopySource(request);
  const permissions: Permission[] = [
    { action: 'oss:GetObject', ...source, access: 'read', follows: true },
  ];
  if (tags) permissions.push({ action: 'oss:GetObjectTagging', ...source });
  return withVersion(permissions, isVersion);
}

/**
 * Reads the percent-encoded `/bucket/key` that a copy names. Throws InvalidArgument, or
 * NotImplemented for a version.
 */
export function readCopySource({ headers }: OssRequest): ObjectPath {
  const header = headers.get('x-oss-copy-source') ?? '';
  const [path = '', version] = header.split('?');
  if (version !== undefined && version !== 'versionId=null')
    throw notImplemented('versions of objects');
  const text = fromValidBytes(decodeBytes(path));
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(text ?? '') ?? [];
  if (bucket === undefined || key === undefined)
    throw invalidArgument('x-oss-copy-source', path, 'give /bucket/key, percent-encoded');
  checkBucketName(bucket);
  checkObjectKey(key);
  return { bucket, key };
}
