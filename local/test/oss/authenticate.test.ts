import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signV1, stringToSignV1 } from '#src/oss/signature/v1';
import {
  BUCKET,
  OWNER,
  type Reply,
  type Signed,
  send,
  sendSigned,
  startTestCloud,
  type TestCloud,
  timestampOf,
} from './helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
  await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'text' });
});
afterEach(() => cloud.close());

const outcome = (reply: Reply) => [reply.status, reply.element('Code'), reply.element('EC')];

/** Sends a GET of the object, signed by version 1 at that time. */
function sendV1(time: number, { id = OWNER.accessKeyId, secret = OWNER.accessKeySecret } = {}) {
  const date = new Date(time).toUTCString();
  const request = { method: 'GET', bucket: BUCKET, key: 'a', query: [], headers: {} };
  const authorization = `OSS ${id}:${signV1(secret, stringToSignV1(request, date))}`;
  return send(cloud, { path: `/${BUCKET}/a`, headers: { date, authorization } });
}

describe('a signature in the header', () => {
  const MINUTE = 60_000;

  it('holds for a clock less than fifteen minutes off, either way', async () => {
    for (const off of [-14 * MINUTE, 14 * MINUTE]) {
      const time = cloud.clock.now() + off;
      expect((await sendV1(time)).status).toBe(200);
      expect((await sendSigned(cloud, { key: 'a', time })).status).toBe(200);
    }
    for (const off of [-16 * MINUTE, 16 * MINUTE]) {
      const time = cloud.clock.now() + off;
      for (const reply of [await sendV1(time), await sendSigned(cloud, { key: 'a', time })])
        expect(outcome(reply)).toEqual([403, 'RequestTimeTooSkewed', '0002-00000504']);
    }
  });

  it('needs a date that can be read', async () => {
    const reply = await send(cloud, {
      path: `/${BUCKET}/a`,
      headers: { date: 'yesterday', authorization: `OSS ${OWNER.accessKeyId}:abc=` },
    });
    expect(outcome(reply).slice(0, 2)).toEqual([403, 'AccessDenied']);
    expect(reply.element('Message')).toContain('valid Date');
  });

  it('that does not match is answered with what the server signed', async () => {
    const reply = await sendV1(cloud.clock.now(), { secret: 'other' });
    expect(outcome(reply)).toEqual([403, 'SignatureDoesNotMatch', '0002-00000040']);
    expect(reply.element('StringToSign')).toContain(`/${BUCKET}/a`);
    expect(reply.element('OSSAccessKeyId')).toBe(OWNER.accessKeyId);
    expect(reply.headers['x-oss-ec']).toBe('0002-00000040');
    expect(reply.element('RequestId')).toBe(reply.headers['x-oss-request-id']);
  });

  it('by an unknown key is refused', async () => {
    expect(outcome(await sendV1(cloud.clock.now(), { id: 'nobody' }))).toEqual([
      403,
      'InvalidAccessKeyId',
      '0002-00000902',
    ]);
  });

  it('by an unknown key is no matter where the bucket is not there, unless it would be made', async () => {
    const as = { ...OWNER, accessKeyId: 'LTAIunknown' };
    const codeOf = async (signed: Signed) =>
      (await sendSigned(cloud, { as, ...signed })).element('Code');
    for (const signed of [
      { key: 'a' },
      { method: 'PUT', key: 'a', body: 'x' },
      { query: { uploads: undefined } },
      { method: 'DELETE' },
    ])
      expect(await codeOf({ bucket: 'none', ...signed }), JSON.stringify(signed)).toBe(
        'NoSuchBucket',
      );
    for (const sub of ['cors', 'tagging', 'lifecycle', 'encryption'])
      expect(await codeOf({ bucket: 'none', method: 'PUT', query: { [sub]: undefined } })).toBe(
        'NoSuchBucket',
      );
    for (const query of [{}, { acl: undefined }])
      expect(await codeOf({ bucket: 'none', method: 'PUT', query })).toBe('InvalidAccessKeyId');
    expect(await codeOf({ bucket: '' })).toBe('InvalidAccessKeyId');
    expect(await codeOf({ key: 'a' })).toBe('InvalidAccessKeyId');
  });

  it.each([
    ['region', 'cn-beijing/oss', '0002-00000226'],
    ['product', 'cn-hangzhou/mns', '0002-00000227'],
  ])('of version 4 for another %s is refused', async (_, scope, ec) => {
    const timestamp = timestampOf(cloud.clock.now());
    const credential = `${OWNER.accessKeyId}/${timestamp.slice(0, 8)}/${scope}/aliyun_v4_request`;
    const reply = await send(cloud, {
      path: `/${BUCKET}/a`,
      headers: {
        'x-oss-date': timestamp,
        authorization: `OSS4-HMAC-SHA256 Credential=${credential},Signature=00`,
      },
    });
    expect(outcome(reply)).toEqual([400, 'InvalidArgument', ec]);
  });

  it('covers additional headers, which have to be there', async () => {
    const timestamp = timestampOf(cloud.clock.now());
    const credential = `${OWNER.accessKeyId}/${timestamp.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`;
    const reply = await send(cloud, {
      path: `/${BUCKET}/a`,
      headers: {
        'x-oss-date': timestamp,
        authorization: `OSS4-HMAC-SHA256 Credential=${credential},AdditionalHeaders=range,Signature=00`,
      },
    });
    expect(outcome(reply).slice(0, 2)).toEqual([400, 'InvalidArgument']);
  });

  it.each(['Basic abc', 'OSS', 'OSS4-HMAC-SHA256 nonsense', 'OSS a'])(
    'in the form %j is refused',
    async (authorization) => {
      const reply = await send(cloud, { path: `/${BUCKET}/a`, headers: { authorization } });
      expect(outcome(reply).slice(0, 2)).toEqual([400, 'InvalidArgument']);
    },
  );

  it('may not come together with one in the URL', async () => {
    const reply = await sendSigned(cloud, { key: 'a', query: { OSSAccessKeyId: 'x' } });
    expect(outcome(reply).slice(0, 2)).toEqual([400, 'InvalidArgument']);
  });
});

describe('a temporary key', () => {
  it('is taken with its token, and refused without it or with another', async () => {
    const key = cloud.authority.issue(cloud.clock.now() + 60_000);
    expect((await sendSigned(cloud, { key: 'a', as: key })).status).toBe(200);
    const { securityToken: _, ...bare } = key;
    expect(outcome(await sendSigned(cloud, { key: 'a', as: bare }))).toEqual([
      403,
      'InvalidAccessKeyId',
      '0002-00000902',
    ]);
    const other = { ...key, securityToken: 'another' };
    expect(outcome(await sendSigned(cloud, { key: 'a', as: other })).slice(0, 2)).toEqual([
      403,
      'InvalidSecurityToken',
    ]);
  });

  it('is refused once it has expired', async () => {
    const key = cloud.authority.issue(cloud.clock.now() + 60_000);
    await cloud.clock.advance(60_000);
    expect(outcome(await sendSigned(cloud, { key: 'a', as: key }))).toEqual([
      403,
      'SecurityTokenExpired',
      '0002-00000007',
    ]);
  });

  it('is not what a long-term key becomes by sending a token', async () => {
    const as = { ...OWNER, securityToken: 'token' };
    expect(outcome(await sendSigned(cloud, { key: 'a', as })).slice(0, 2)).toEqual([
      403,
      'InvalidSecurityToken',
    ]);
  });
});

describe('a signed URL', () => {
  const pathOf = (url: string) => url.replace(/^http:\/\/[^/]+/, '');

  it('of version 1 and of version 4 ends when its time is over', async () => {
    const client = cloud.client();
    const paths = [
      pathOf(client.signatureUrl('a', { expires: 60 })),
      pathOf(await client.signatureUrlV4('GET', 60, undefined, 'a')),
    ];
    for (const path of paths) expect((await send(cloud, { path })).text).toBe('text');
    await cloud.clock.advance(62_000);
    for (const path of paths)
      expect(outcome(await send(cloud, { path }))).toEqual([403, 'AccessDenied', '0002-00000069']);
  });

  it('is of no use for another key, method or parameter', async () => {
    await sendSigned(cloud, { method: 'PUT', key: 'b', body: 'other' });
    const client = cloud.client();
    const urls = [
      pathOf(client.signatureUrl('a', { expires: 60 })),
      pathOf(await client.signatureUrlV4('GET', 60, undefined, 'a')),
    ];
    for (const path of urls)
      for (const forged of [
        { path: path.replace('/a?', '/b?') },
        { path, method: 'DELETE' },
        { path: `${path}&acl` },
        { path: `${path}&response-content-type=text/html` },
        { path, headers: { 'x-oss-meta-a': 'b' } },
      ])
        expect(outcome(await send(cloud, forged)).slice(0, 2)).toEqual([
          403,
          'SignatureDoesNotMatch',
        ]);
  });

  it('of version 1 with a part missing, or an expiry that is no number, is refused', async () => {
    const path = pathOf(cloud.client().signatureUrl('a', { expires: 60 }));
    for (const broken of [
      path.replace(/Expires=\d+/, 'Expires=soon'),
      path.replace(/&Signature=[^&]+/, ''),
      path.replace(/OSSAccessKeyId=[^&]+&/, ''),
    ])
      expect(outcome(await send(cloud, { path: broken })).slice(0, 2)).toEqual([
        403,
        'AccessDenied',
      ]);
  });

  it('of version 4 is valid for seven days at most', async () => {
    const path = pathOf(await cloud.client().signatureUrlV4('GET', 604_801, undefined, 'a'));
    expect(outcome(await send(cloud, { path })).slice(0, 2)).toEqual([400, 'InvalidArgument']);
  });

  it('may override headers of the answer, but not break them', async () => {
    const client = cloud.client();
    const sign = (disposition: string) =>
      pathOf(client.signatureUrl('a', { response: { 'content-disposition': disposition } }));
    const reply = await send(cloud, { path: sign('inline') });
    expect(reply.headers['content-disposition']).toBe('inline');
    const broken = await send(cloud, { path: sign('inline\r\nx: y') });
    expect(outcome(broken).slice(0, 2)).toEqual([400, 'InvalidArgument']);
  });
});
