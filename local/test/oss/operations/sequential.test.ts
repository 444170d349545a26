import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

const PART = 100 * 1024;
let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

async function initiate(query: Record<string, string | undefined>, headers = {}) {
  return sendSigned(cloud, {
    method: 'POST',
    key: 'a',
    query: { uploads: undefined, ...query },
    headers,
  });
}
async function part(uploadId: string | undefined, number: number, body: Buffer) {
  const query = { partNumber: String(number), uploadId };
  const reply = await sendSigned(cloud, { method: 'PUT', key: 'a', query, body });
  return [reply.status, reply.element('Code')];
}
const complete = (uploadId: string | undefined, headers: Record<string, string> = {}) =>
  sendSigned(cloud, {
    method: 'POST',
    key: 'a',
    query: { uploadId },
    headers: { 'x-oss-complete-all': 'yes', ...headers },
    body: '',
  });

describe('a sequential upload', () => {
  it.each([{ sequential: undefined }, { sequential: '1' }])(
    'holds the order of its parts, and tells the MD5 of the whole (%j)',
    async (query) => {
      const uploadId = (await initiate(query)).element('UploadId');
      const [one, two] = [randomBytes(PART), randomBytes(10)];
      expect(await part(uploadId, 2, two)).toEqual([400, 'PartNotSequential']);
      expect(await part(uploadId, 1, one)).toEqual([200, undefined]);
      expect(await part(uploadId, 1, one)).toEqual([409, 'PartAlreadyExist']);
      expect(await part(uploadId, 3, two)).toEqual([400, 'PartNotSequential']);
      expect(await part(uploadId, 2, two)).toEqual([200, undefined]);
      const reply = await complete(uploadId);
      expect(reply.status).toBe(200);
      const whole = Buffer.concat([one, two]);
      expect(reply.headers['content-md5']).toBe(createHash('md5').update(whole).digest('base64'));
      expect((await cloud.oss.service.readObject(BUCKET, 'a')).equals(whole)).toBe(true);
    },
  );

  it('is what another upload is not', async () => {
    const uploadId = (await initiate({})).element('UploadId');
    await part(uploadId, 2, randomBytes(PART));
    await part(uploadId, 1, randomBytes(PART));
    expect(await part(uploadId, 1, randomBytes(PART))).toEqual([200, undefined]);
    expect((await complete(uploadId)).headers['content-md5']).toBeUndefined();
  });
});

describe('x-oss-object-acl of CompleteMultipartUpload', () => {
  it('takes the place of the one of InitiateMultipartUpload', async () => {
    const begun = await initiate({}, { 'x-oss-object-acl': 'private' });
    const uploadId = begun.element('UploadId');
    await part(uploadId, 1, randomBytes(9));
    expect((await complete(uploadId, { 'x-oss-object-acl': 'all' })).element('Code')).toBe(
      'InvalidArgument',
    );
    expect((await complete(uploadId, { 'x-oss-object-acl': 'public-read' })).status).toBe(200);
    expect(cloud.oss.service.objects.require({ bucket: BUCKET, key: 'a' }).acl).toBe('public-read');
  });
});

describe('x-oss-forbid-overwrite of InitiateMultipartUpload', () => {
  it('refuses an upload to a key that has an object', async () => {
    const headers = { 'x-oss-forbid-overwrite': 'true' };
    expect((await initiate({}, headers)).status).toBe(200);
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x' });
    const reply = await initiate({}, headers);
    expect([reply.status, reply.element('Code')]).toEqual([409, 'FileAlreadyExists']);
  });
});
