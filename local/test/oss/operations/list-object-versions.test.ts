import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
  for (const key of ['a/1', 'a/2', 'b']) await sendSigned(cloud, { method: 'PUT', key, body: 'x' });
});
afterEach(() => cloud.close());

const texts = (text: string, element: string) =>
  [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, value]) => value);

describe('ListObjectVersions', () => {
  it('gives the objects, each as its own latest version, null', async () => {
    const { status, text } = await sendSigned(cloud, { query: { versions: undefined } });
    expect(status).toBe(200);
    expect(text).toContain('<ListVersionsResult><Name>box</Name>');
    expect(texts(text, 'Key')).toEqual(['a/1', 'a/2', 'b']);
    expect(texts(text, 'VersionId')).toEqual(['null', 'null', 'null']);
    expect(texts(text, 'IsLatest')).toEqual(['true', 'true', 'true']);
    expect(texts(text, 'IsTruncated')).toEqual(['false']);
  });

  it('goes by pages, prefix and delimiter', async () => {
    const first = await sendSigned(cloud, { query: { versions: undefined, 'max-keys': '2' } });
    expect(texts(first.text, 'Key')).toEqual(['a/1', 'a/2']);
    expect(first.element('NextKeyMarker')).toBe('a/2');
    expect(first.element('NextVersionIdMarker')).toBe('null');
    const rest = await sendSigned(cloud, {
      query: { versions: undefined, 'key-marker': 'a/2', 'version-id-marker': 'null' },
    });
    expect(texts(rest.text, 'Key')).toEqual(['b']);
    const rolled = await sendSigned(cloud, { query: { versions: undefined, delimiter: '/' } });
    expect(texts(rolled.text, 'Key')).toEqual(['b']);
    expect(rolled.text).toContain('<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>');
  });

  it('is read by ali-oss, whose version null is the object', async () => {
    const client = cloud.client() as unknown as {
      getBucketVersions(query: object): Promise<{ objects: { name: string; versionId: string }[] }>;
      get(name: string, options: object): Promise<{ content: Buffer }>;
      deleteMulti(names: object[]): Promise<unknown>;
    };
    const { objects } = await client.getBucketVersions({});
    expect(objects.map(({ name, versionId }) => [name, versionId])).toEqual([
      ['a/1', 'null'],
      ['a/2', 'null'],
      ['b', 'null'],
    ]);
    expect((await client.get('b', { versionId: 'null' })).content.toString()).toBe('x');
    await client.deleteMulti(objects.map(({ name }) => ({ key: name, versionId: 'null' })));
    expect(cloud.oss.service.listObjects(BUCKET)).toEqual([]);
  });
});

describe('the version null', () => {
  const query = { versionId: 'null' };

  it('can be read, looked at, copied and deleted', async () => {
    expect((await sendSigned(cloud, { key: 'b', query })).text).toBe('x');
    expect((await sendSigned(cloud, { method: 'HEAD', key: 'b', query })).status).toBe(200);
    const headers = { 'x-oss-copy-source': `/${BUCKET}/b?versionId=null` };
    expect((await sendSigned(cloud, { method: 'PUT', key: 'c', headers, body: '' })).status).toBe(
      200,
    );
    expect((await sendSigned(cloud, { method: 'DELETE', key: 'b', query })).status).toBe(204);
    expect(cloud.oss.service.listObjects(BUCKET).map(({ key }) => key)).toEqual([
      'a/1',
      'a/2',
      'c',
    ]);
  });

  it('cannot be written, and there is no other', async () => {
    const put = await sendSigned(cloud, { method: 'PUT', key: 'b', query, body: 'y' });
    expect([put.status, put.element('Code')]).toEqual([501, 'NotImplemented']);
    const other = await sendSigned(cloud, {
      method: 'DELETE',
      key: 'b',
      query: { versionId: '1' },
    });
    expect([other.status, other.element('Code')]).toEqual([501, 'NotImplemented']);
    expect((await cloud.oss.service.readObject(BUCKET, 'b')).toString()).toBe('x');
  });
});
