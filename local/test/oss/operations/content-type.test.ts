import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { typeOfKey } from '#src/oss/content-types';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

describe('a key without a Content-Type', () => {
  it.each([
    ['index.html', 'text/html'],
    ['a/b/PHOTO.JPG', 'image/jpeg'],
    ['a.tar.gz', 'application/gzip'],
    ['data.json', 'application/json'],
    ['style.css', 'text/css'],
    ['notes.txt', 'text/plain'],
    ['film.mp4', 'video/mp4'],
    ['report.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['none', 'application/octet-stream'],
    ['html', 'application/octet-stream'],
    ['a.html/b', 'application/octet-stream'],
    ['a.unheard-of', 'application/octet-stream'],
    ['constructor.constructor', 'application/octet-stream'],
    ['dot.', 'application/octet-stream'],
  ])('%s is of the type %s', (key, type) => {
    expect(typeOfKey(key)).toBe(type);
  });
});

describe('Content-Type', () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await startTestCloud();
  });
  afterEach(() => cloud.close());
  const typeOf = () =>
    cloud.oss.service.objects.require({ bucket: BUCKET, key: 'a.html' }).headers['content-type'];

  it("is by the key's extension where PutObject names none, or an empty one", async () => {
    const put = (headers = {}) =>
      sendSigned(cloud, { method: 'PUT', key: 'a.html', body: 'x', headers });
    await put();
    expect(typeOf()).toBe('text/html');
    await put({ 'content-type': 'a/b' });
    expect(typeOf()).toBe('a/b');
    await put({ 'content-type': '' });
    expect(typeOf()).toBe('text/html');
  });

  it("is by the key's extension where InitiateMultipartUpload names none", async () => {
    const query = { uploads: undefined };
    const begun = await sendSigned(cloud, { method: 'POST', key: 'a.html', query });
    await sendSigned(cloud, {
      method: 'POST',
      key: 'a.html',
      query: { uploadId: begun.element('UploadId') },
      body: '<CompleteMultipartUpload/>',
    });
    expect(typeOf()).toBe('text/html');
  });
});
