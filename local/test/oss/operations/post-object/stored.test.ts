import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectEvent } from '#src/oss/events';
import { BUCKET, send, startTestCloud, type TestCloud } from '../../helpers.ts';
import { BOUNDARY, encode, encodePolicy, file, formsFor, HOUR, outcome } from './forms.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const { inAnHour, nothingStored, post, signedV1, signedV4, stored } = formsFor(() => cloud);

describe('a form', () => {
  it.each([
    ['1', signedV1],
    ['4', signedV4],
  ] as const)('signed by version %s stores its file', async (_, sign) => {
    const reply = await post({ key: 'a/ü.jpg', ...sign(), 'x-oss-meta-author': 'me' });
    expect(reply.status).toBe(204);
    expect(reply.body).toHaveLength(0);
    expect(reply.headers.etag).toBe('"9A0364B9E99BB480DD25E1F0284C8555"');
    expect(await cloud.oss.service.readObject(BUCKET, 'a/ü.jpg')).toEqual(Buffer.from('content'));
    expect(stored('a/ü.jpg')).toMatchObject({
      headers: { 'content-type': 'image/jpeg' },
      meta: { author: 'me' },
    });
  });

  it('that ali-oss signed, of either version, is accepted', async () => {
    const client = cloud.client();
    const v1 = client.calculatePostSignature({
      expiration: inAnHour(),
      conditions: [{ bucket: BUCKET }],
    });
    expect((await post({ key: 'v1', ...v1 })).status).toBe(204);
    const date = new Date(cloud.clock.now());
    const { 'x-oss-signature': _, policy: __, ...fields } = signedV4({ time: date.getTime() });
    const policy = {
      expiration: inAnHour(),
      conditions: Object.entries(fields).map(([name, value]) => ({ [name]: value })),
    };
    const v4 = {
      ...fields,
      policy: encodePolicy(policy),
      'x-oss-signature': client.signPostObjectPolicyV4(policy, date),
    };
    expect((await post({ key: 'v4', ...v4 })).status).toBe(204);
  });

  it('signed with a temporary key needs its token', async () => {
    const as = cloud.authority.issue(cloud.clock.now() + HOUR);
    for (const sign of [signedV1, signedV4]) {
      expect((await post({ key: 'a', ...sign({ as }) })).status).toBe(204);
      const { 'x-oss-security-token': _, ...bare } = sign({ as });
      expect(outcome(await post({ key: 'a', ...bare })).slice(0, 2)).toEqual([
        403,
        'InvalidAccessKeyId',
      ]);
    }
    await cloud.clock.advance(HOUR);
    expect(outcome(await post({ key: 'a', ...signedV4({ as }) }))[1]).toBe('SecurityTokenExpired');
  });

  it('is asked of the policies of the role that signed it', async () => {
    const as = cloud.authority.issue(cloud.clock.now() + HOUR);
    cloud.authority.may = () => ({ allowed: false, reason: 'not there' });
    expect(outcome(await post({ key: 'a', ...signedV4({ as }) }))[1]).toBe('AccessDenied');
    expect(cloud.authority.asked.map(({ action }) => action)).toEqual(['oss:PutObject']);
    nothingStored();
  });

  it('without a signature is accepted by a bucket that anyone may write to, and by no other', async () => {
    expect(outcome(await post({ key: 'a' })).slice(0, 2)).toEqual([403, 'AccessDenied']);
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
    expect((await post({ key: 'a' })).status).toBe(204);
  });

  it('takes the name of the file into the key', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the form has it like this
    await post({ key: 'up/${filename}', ...signedV1() }, [file('x', 'C:\\photos\\my cat.jpg')]);
    expect(stored('up/my cat.jpg')?.size).toBe(1);
  });

  it('answers 200, 201 with a document, or a redirect, as it says', async () => {
    expect((await post({ key: 'a', ...signedV1(), success_action_status: '200' })).status).toBe(
      200,
    );
    const created = await post({ key: 'a b', ...signedV1(), success_action_status: '201' });
    expect(created.status).toBe(201);
    expect([created.element('Bucket'), created.element('Key')]).toEqual([BUCKET, 'a b']);
    expect((await post({ key: 'a', ...signedV1(), success_action_status: '999' })).status).toBe(
      204,
    );
    const redirected = await post({
      key: 'a b',
      ...signedV1(),
      success_action_redirect: 'http://example.com/done?x=1',
    });
    expect(redirected.status).toBe(303);
    expect(redirected.headers.location).toMatch(
      /^http:\/\/example\.com\/done\?x=1&bucket=box&key=a\+b&etag=%22[0-9A-F]{32}%22$/,
    );
  });

  it('says where the object is, however the bucket was addressed', async () => {
    const body = encode([{ name: 'key', value: 'a b/ü' }, file()]);
    const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
    const address = `localhost:${cloud.oss.port}`;
    for (const [host, path, base] of [
      [address, `/${BUCKET}`, `${address}/${BUCKET}`],
      [`${BUCKET}.${address}`, '/', `${BUCKET}.${address}`],
    ] as const) {
      const posted = { method: 'POST', path, headers: { ...headers, host }, body };
      const { location } = (await send(cloud, posted)).headers;
      expect(location).toBe(`http://${base}/a%20b/%C3%BC`);
      const path2 = new URL(String(location)).pathname;
      expect((await send(cloud, { path: path2, headers: { host } })).text).toBe('content');
    }
  });

  it("gives the object the type it names for OSS before the browser's own", async () => {
    await post({ key: 'a', ...signedV1(), 'Content-Type': 'text/plain' });
    expect(stored('a')?.headers['content-type']).toBe('image/jpeg');
    await post({ key: 'a', ...signedV1(), 'x-oss-content-type': 'image/png' });
    expect(stored('a')?.headers['content-type']).toBe('image/png');
  });

  it('reaches listeners as posted', async () => {
    const events: ObjectEvent[] = [];
    cloud.oss.service.onEvent((event) => events.push(event));
    await post({ key: 'a', ...signedV1() });
    expect(events).toMatchObject([{ name: 'ObjectCreated:PostObject', key: 'a', size: 7 }]);
  });

  it('stores a file that looks like a boundary, byte by byte', async () => {
    const content = Buffer.from(
      `\r\n--${BOUNDARY.slice(0, -1)}\r\n--\r\n\0\xff`.repeat(20_000),
      'latin1',
    );
    expect((await post({ key: 'a', ...signedV1() }, [file(content)])).status).toBe(204);
    expect((await cloud.oss.service.readObject(BUCKET, 'a')).equals(content)).toBe(true);
  });

  it('stores an empty file, and ignores the fields after it', async () => {
    await post({ key: 'a', ...signedV1() }, [file(''), { name: 'key', value: 'b' }]);
    expect(cloud.oss.service.listObjects(BUCKET).map(({ key, size }) => [key, size])).toEqual([
      ['a', 0],
    ]);
  });

  it('does not overwrite when it says so', async () => {
    const fields = { key: 'a', ...signedV1(), 'x-oss-forbid-overwrite': 'true' };
    expect((await post(fields)).status).toBe(204);
    expect(outcome(await post(fields)).slice(0, 2)).toEqual([409, 'FileAlreadyExists']);
  });
});
