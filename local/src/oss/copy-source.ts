import { fromValidBytes } from './bytes.ts';
import { checkBucketName, checkObjectKey } from './core/names.ts';
import type { ObjectPath } from './core/objects.ts';
import { invalidArgument, notImplemented } from './errors.ts';
import { decodeBytes, type OssRequest } from './request.ts';

/** The `/bucket/key`, percent-encoded, that a copy names. Throws InvalidArgument, or NotImplemented for a version. */
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
