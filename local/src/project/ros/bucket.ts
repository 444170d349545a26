import type { Fields } from '../fields.ts';
import type { Warn } from '../findings.ts';
import type { BucketSpec } from '../types.ts';
import { readCors } from './bucket-cors.ts';
import { readLifecycle } from './bucket-lifecycle.ts';
import { readEncryption, readTags } from './bucket-settings.ts';

const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Properties that change the bucket's answers in the cloud, and do nothing here. */
const WITHOUT_EFFECT = [
  'LoggingConfiguration',
  'RefererConfiguration',
  'VersioningConfiguration',
  'WebsiteConfigurationV2',
];

export function readBucket(properties: Fields, warn: Warn): BucketSpec {
  const policy = properties.get('Policy');
  if (policy)
    warn(
      policy.source,
      `${properties.owner}: bucket policies are not evaluated by the local cloud: say it in the roles' policies`,
    );
  for (const key of WITHOUT_EFFECT) {
    const source = properties.get(key)?.source;
    if (source) warn(source, `${properties.owner}: ${key} has no effect here`);
  }
  const name = properties.requireString('BucketName');
  if (!BUCKET_NAME.test(name))
    throw properties.fault(
      'BucketName',
      `is "${name}"`,
      'use 3 to 63 lower-case letters, digits and hyphens, no hyphen at either end',
    );
  const acl = properties.oneOf('AccessControl', ['private', 'public-read', 'public-read-write']);
  const storageClass = readStorageClass(properties, warn);
  const redundancy = properties.oneOf('RedundancyType', ['LRS', 'ZRS']);
  const cors = readCors(properties);
  const lifecycle = readLifecycle(properties, warn);
  const tags = readTags(properties);
  const encryption = readEncryption(properties, warn);
  const blockPublicAccess = properties.boolean('BlockPublicAccess');
  return {
    name,
    acl: acl ?? 'private',
    ...(blockPublicAccess !== undefined && { blockPublicAccess }),
    ...(storageClass && { storageClass }),
    ...(redundancy && { redundancy }),
    ...(cors && { cors }),
    ...(lifecycle && { lifecycle }),
    ...(tags && { tags }),
    ...(encryption && { encryption }),
  };
}

function readStorageClass(properties: Fields, warn: Warn): BucketSpec['storageClass'] {
  const name = properties.oneOf('StorageClass', [
    'Standard',
    'IA',
    'Archive',
    'ColdArchive',
    'DeepColdArchive',
  ]);
  if (name !== 'ColdArchive' && name !== 'DeepColdArchive') return name;
  const source = properties.get('StorageClass')?.source;
  if (source) warn(source, `${properties.owner}: StorageClass ${name} is Standard here`);
  return undefined;
}
