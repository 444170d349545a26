import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const NAME = 'x-oss-server-side-encryption';
const AES256 = { [NAME]: 'AES256' };
const SOURCE = { 'x-oss-copy-source': '/box/a' };
const put = (headers = {}) => sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x', headers });
const append = (position: string, headers = {}) =>
  sendSigned(cloud, {
    method: 'POST',
    key: 'log',
    query: { append: undefined, position },
    body: 'x',
    headers,
  });
const begin = (headers = {}) =>
  sendSigned(cloud, { method: 'POST', key: 'b', query: { uploads: undefined }, headers });
const sendPart = (uploadId: string | undefined, headers: Record<string, string> = {}) =>
  sendSigned(cloud, {
    method: 'PUT',
    key: 'b',
    query: { uploadId, partNumber: '1' },
    headers,
    body: 'x-oss-copy-source' in headers ? '' : 'x',
  });

describe('the encryption that is asked for', () => {
  it('is sent back by PutObject, HeadObject and CopyObject', async () => {
    expect((await put(AES256)).headers[NAME]).toBe('AES256');
    expect((await sendSigned(cloud, { method: 'HEAD', key: 'a' })).headers[NAME]).toBe('AES256');
    const copy = (headers = {}) =>
      sendSigned(cloud, { method: 'PUT', key: 'c', headers: { ...SOURCE, ...headers } });
    expect((await copy()).headers[NAME]).toBeUndefined();
    expect((await copy(AES256)).headers[NAME]).toBe('AES256');
    expect((await put()).headers[NAME]).toBeUndefined();
  });

  it('is answered by AppendObject, as set when the object was created', async () => {
    expect((await append('0', AES256)).headers[NAME]).toBe('AES256');
    expect((await append('1')).headers[NAME]).toBe('AES256');
  });

  it('is sent back by all that makes up a multipart upload', async () => {
    await put();
    const begun = await begin(AES256);
    const uploadId = begun.element('UploadId');
    const replies = [
      begun,
      await sendPart(uploadId, SOURCE),
      await sendPart(uploadId),
      await sendSigned(cloud, {
        method: 'POST',
        key: 'b',
        query: { uploadId },
        headers: { 'x-oss-complete-all': 'yes' },
      }),
      await sendSigned(cloud, { method: 'HEAD', key: 'b' }),
    ];
    expect(replies.map(({ status, headers }) => [status, headers[NAME]])).toEqual(
      replies.map(() => [200, 'AES256']),
    );
  });

  it('is set for an upload, not for a part', async () => {
    await put();
    const uploadId = (await begin(AES256)).element('UploadId');
    for (const headers of [AES256, { ...AES256, ...SOURCE }]) {
      const reply = await sendPart(uploadId, headers);
      expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidArgument']);
    }
    expect([...cloud.oss.service.store.parts.range('')]).toEqual([]);
  });

  it('by an unknown algorithm is refused', async () => {
    for (const ask of [put, begin, (headers: object) => append('0', headers)]) {
      const reply = await ask({ [NAME]: 'ROT13' });
      expect([reply.status, reply.element('Code')]).toEqual([
        400,
        'InvalidEncryptionAlgorithmError',
      ]);
    }
  });
});
