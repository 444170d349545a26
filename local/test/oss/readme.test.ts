import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Signed, sendSigned, startTestCloud, type TestCloud } from './helpers.ts';

const root = join(import.meta.dirname, '../..');
/** Operations whose file has another name than in the documentation. */
const NAMES: Readonly<Record<string, string>> = { Preflight: 'OptionObject' };
/** The file of several operations. */
const SEVERAL = 'never-had';

function documentedName(file: string): string {
  const name = file.replace(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
  return NAMES[name] ?? name;
}

const [, table = ''] = readFileSync(join(root, 'README.md'), 'utf8').split(
  '## OSS, operation by operation',
);

it('the table of differences has every operation of OSS', () => {
  const operations = join(root, 'src/oss/operations');
  const files = readdirSync(operations).map((file) => file.replace(/\.ts$/, ''));
  const several = readFileSync(join(operations, `${SEVERAL}.ts`), 'utf8');
  const named = [...several.matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name);
  const wanted = [
    ...files.filter((file) => file !== SEVERAL).map(documentedName),
    ...named.map((name) => name.charAt(0).toUpperCase() + name.slice(1)),
  ];
  expect(wanted.length).toBeGreaterThan(60);
  for (const name of wanted) expect(table, name).toMatch(new RegExp(`\\b${name}\\b`));
});

/**
 * A request for each thing that the table marks as 501: by the row's first operation, and the
 * table's words.
 */
const REFUSED: Readonly<Record<string, Readonly<Record<string, Signed>>>> = {
  PutBucket: {
    ColdArchive: bucketOf('<StorageClass>ColdArchive</StorageClass>'),
    DeepColdArchive: bucketOf('<StorageClass>DeepColdArchive</StorageClass>'),
    'hierarchical namespaces': { ...bucketOf(''), headers: { 'x-oss-hns-status': 'enabled' } },
    'resource groups': { ...bucketOf(''), headers: { 'x-oss-resource-group-id': 'rg-1' } },
  },
  PutBucketLifecycle: {
    Transition: rule('<Transition><Days>1</Days></Transition>'),
    Filter: rule('<Filter/>'),
    AtimeBase: rule('<AtimeBase>1</AtimeBase>'),
    'noncurrent versions': rule('<NoncurrentVersionExpiration/>'),
  },
  PutBucketEncryption: { KMS: encryptedBy('KMS'), SM4: encryptedBy('SM4') },
  PutObject: {
    ColdArchive: put({ 'x-oss-storage-class': 'ColdArchive' }),
    DeepColdArchive: put({ 'x-oss-storage-class': 'DeepColdArchive' }),
    KMS: put({ 'x-oss-server-side-encryption': 'KMS' }),
    retention: put({ 'x-oss-object-worm-mode': 'COMPLIANCE' }),
  },
  GetObject: { '`x-oss-process`': { key: 'a', query: { 'x-oss-process': 'image/info' } } },
  RestoreObject: {
    priorities: {
      method: 'POST',
      key: 'a',
      query: { restore: undefined },
      body: '<RestoreRequest><Days>1</Days><JobParameters><Tier>Bulk</Tier></JobParameters></RestoreRequest>',
    },
    CleanRestoredObject: { method: 'POST', key: 'a', query: { cleanRestoredObject: undefined } },
  },
  'everything else': {
    versions: set('versioning'),
    'bucket policies': set('policy'),
    websites: set('website'),
    logging: set('logging'),
    referers: set('referer'),
    inventories: { ...set('inventory'), query: { inventory: undefined, inventoryId: 'a' } },
    retention: { ...set('worm'), method: 'POST' },
    replication: { ...set('replication'), method: 'POST' },
    'transfer acceleration': set('transferAcceleration'),
    'live channels': { ...set('live'), key: 'a' },
    'image processing': { key: 'a', query: { 'x-oss-process': 'image/resize,w_1' } },
    SelectObject: { method: 'POST', key: 'a', query: { 'x-oss-process': 'csv/select' }, body: '' },
    AsyncFetch: { ...set('asyncFetch'), method: 'POST' },
    'access points': set('accessPoint'),
    'resource groups': set('resourceGroup'),
    'domain names': { ...set('cname'), method: 'POST' },
    styles: set('style'),
    'data indexing': { ...set('metaQuery'), method: 'POST' },
    quotas: set('quota'),
  },
};

function bucketOf(inner: string): Signed {
  const body = `<CreateBucketConfiguration>${inner}</CreateBucketConfiguration>`;
  return { method: 'PUT', bucket: 'another', body };
}

function rule(inner: string): Signed {
  const body = `<LifecycleConfiguration><Rule><Prefix/><Status>Enabled</Status>${inner}</Rule></LifecycleConfiguration>`;
  return { method: 'PUT', query: { lifecycle: undefined }, body };
}

function encryptedBy(algorithm: string): Signed {
  const body = `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;
  return { method: 'PUT', query: { encryption: undefined }, body };
}

function put(headers: Record<string, string>): Signed {
  return { method: 'PUT', key: 'a', body: 'x', headers };
}

function set(name: string): Signed {
  return { method: 'PUT', query: { [name]: undefined }, body: '<Other/>' };
}

describe('what the table of differences says is 501', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud();
  });
  afterAll(() => cloud.close());

  /** By the row's first word: the text after `501:`, or before `501` in the last row. */
  const said = table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, operations = '', here = '']): [string, string[]][] => {
      const [first = ''] = operations.split(/[,:]/);
      if (first === 'everything else') return [[first, listed(operations.slice(first.length + 1))]];
      const [, things] = /\b501: (.+?)(?:;|$)/.exec(here) ?? [];
      return things === undefined ? [] : [[first, listed(things)]];
    });

  function listed(text: string): string[] {
    return text.split(', ').map((thing) => thing.trim());
  }

  it.each(said)('is so for %s', async (first, things) => {
    expect(Object.keys(REFUSED[first] ?? {}).sort()).toEqual([...things].sort());
    for (const [thing, request] of Object.entries(REFUSED[first] ?? {})) {
      const reply = await sendSigned(cloud, request);
      expect([reply.status, reply.element('Code')], thing).toEqual([501, 'NotImplemented']);
    }
  });

  it('is tried row by row', () => {
    expect(said.map(([first]) => first)).toEqual(Object.keys(REFUSED));
  });
});
