import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessKey } from '#local/identities/types';
import type { ObjectEvent } from '#local/oss/events';
import { signingKeyV4, signV4 } from '#local/oss/signature/v4';
import {
  BUCKET,
  OWNER,
  type Reply,
  send,
  startTestCloud,
  type TestCloud,
  timestampOf,
} from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const HOUR = 60 * 60_000;
const BOUNDARY = '----form-7d9';

interface Part {
  name: string;
  value: string | Buffer;
  head?: string;
}

const file = (
  value: string | Buffer = 'content',
  filename = 'photo.jpg',
  type = 'image/jpeg',
): Part => ({
  name: 'file',
  value,
  head: `; filename="${filename}"\r\nContent-Type: ${type}`,
});

function encode(parts: Part[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(({ name, value, head = '' }) => [
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${head}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
}

function post(fields: Record<string, string>, last: Part[] = [file()]): Promise<Reply> {
  return postBody(
    encode([...Object.entries(fields).map(([name, value]) => ({ name, value })), ...last]),
  );
}

function postBody(
  body: Buffer,
  contentType = `multipart/form-data; boundary=${BOUNDARY}`,
): Promise<Reply> {
  return send(cloud, {
    method: 'POST',
    path: `/${BUCKET}/`,
    headers: { 'content-type': contentType },
    body,
  });
}

interface Signing {
  as?: AccessKey;
  conditions?: unknown[];
  expiration?: string;
  /** In place of the whole policy. */
  document?: unknown;
  time?: number;
}

const encodePolicy = (document: unknown) =>
  Buffer.from(JSON.stringify(document)).toString('base64');
const inAnHour = () => new Date(cloud.clock.now() + HOUR).toISOString();

function signedV1({
  as = OWNER,
  conditions = [{ bucket: BUCKET }],
  expiration,
  document,
}: Signing = {}) {
  const policy = encodePolicy(document ?? { expiration: expiration ?? inAnHour(), conditions });
  return {
    OSSAccessKeyId: as.accessKeyId,
    policy,
    Signature: createHmac('sha1', as.accessKeySecret).update(policy).digest('base64'),
    ...(as.securityToken && { 'x-oss-security-token': as.securityToken }),
  };
}

function signedV4({
  as = OWNER,
  conditions = [],
  time = cloud.clock.now(),
  document,
}: Signing = {}) {
  const timestamp = timestampOf(time);
  const date = timestamp.slice(0, 8);
  const scope = { accessKeyId: as.accessKeyId, date, region: 'cn-hangzhou', product: 'oss' };
  const fields = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${as.accessKeyId}/${date}/cn-hangzhou/oss/aliyun_v4_request`,
    'x-oss-date': timestamp,
    ...(as.securityToken && { 'x-oss-security-token': as.securityToken }),
  };
  const policy = encodePolicy(
    document ?? {
      expiration: inAnHour(),
      conditions: [
        ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
        ...conditions,
      ],
    },
  );
  return {
    ...fields,
    policy,
    'x-oss-signature': signV4(signingKeyV4(as.accessKeySecret, scope), policy),
  };
}

const outcome = (reply: Reply) => [reply.status, reply.element('Code'), reply.element('EC')];
const stored = (key: string) => cloud.oss.service.objects.find({ bucket: BUCKET, key });
const nothingStored = () => expect(cloud.oss.service.listObjects(BUCKET)).toEqual([]);

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

  it('is told to listeners as posted', async () => {
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

  it('stores an empty file, and ignores what stands behind it', async () => {
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

describe('the policy of a form', () => {
  it.each<[string, unknown, Record<string, string>, boolean]>([
    ['eq', ['eq', '$key', 'user/a'], { key: 'user/a' }, true],
    ['eq', ['eq', '$key', 'user/a'], { key: 'user/b' }, false],
    [
      'eq without a dollar',
      ['eq', 'success_action_status', '200'],
      { success_action_status: '201' },
      false,
    ],
    ['eq for a field that is not there', ['eq', '$x-oss-meta-a', 'b'], {}, false],
    ['a map', { 'x-oss-object-acl': 'private' }, { 'x-oss-object-acl': 'public-read' }, false],
    ['a map', { 'X-Oss-Object-Acl': 'private' }, { 'x-oss-object-acl': 'private' }, true],
    ['the bucket', { bucket: 'other' }, {}, false],
    ['starts-with', ['starts-with', '$key', 'user/'], { key: 'user/a' }, true],
    ['starts-with', ['starts-with', '$key', 'user/'], { key: 'other/user/' }, false],
    ['in', ['in', '$content-type', ['image/jpeg', 'image/png']], {}, true],
    ['in', ['in', '$content-type', ['image/png']], {}, false],
    ['not-in', ['not-in', '$cache-control', ['no-cache']], { 'Cache-Control': 'no-cache' }, false],
    ['not-in', ['not-in', '$cache-control', ['no-cache']], {}, true],
    ['UTF-8', ['eq', '$key', 'ü/日本'], { key: 'ü/日本' }, true],
  ])('holds a condition of the form %s: %j', async (_, condition, fields, holds) => {
    const reply = await post({ key: 'k', ...fields, ...signedV4({ conditions: [condition] }) });
    if (holds) return expect(reply.status).toBeLessThan(300);
    expect(outcome(reply)).toEqual([403, 'AccessDenied', '0006-00000227']);
    expect(reply.element('Message')).toContain('Policy Condition failed');
    nothingStored();
  });

  it('limits the size while the file arrives', async () => {
    const conditions = [['content-length-range', 3, 5]];
    const send = (size: number) =>
      post({ key: 'a', ...signedV4({ conditions }) }, [file('x'.repeat(size))]);
    expect(outcome(await send(2))).toEqual([400, 'EntityTooSmall', '0006-00000004']);
    expect(outcome(await send(6))).toEqual([400, 'EntityTooLarge', '0006-00000004']);
    expect(outcome(await send(3_000_000))).toEqual([400, 'EntityTooLarge', '0006-00000004']);
    nothingStored();
    expect((await send(3)).status).toBe(204);
    expect((await send(5)).status).toBe(204);
  });

  it('ends when its time is over', async () => {
    const fields = { key: 'a', ...signedV1() };
    await cloud.clock.advance(HOUR + 1000);
    const reply = await post(fields);
    expect(outcome(reply)).toEqual([403, 'AccessDenied', '0006-00000213']);
    expect(reply.element('Message')).toBe('Invalid according to Policy: Policy expired.');
  });

  it('cannot be changed once signed, nor signed with another secret', async () => {
    const wide = encodePolicy({ expiration: inAnHour(), conditions: [] });
    for (const sign of [signedV1, signedV4]) {
      expect(outcome(await post({ key: 'a', ...sign(), policy: wide }))).toEqual([
        403,
        'SignatureDoesNotMatch',
        '0002-00000040',
      ]);
      const as = { ...OWNER, accessKeySecret: 'wrong' };
      expect(outcome(await post({ key: 'a', ...sign({ as }) }))[1]).toBe('SignatureDoesNotMatch');
    }
    nothingStored();
  });

  it('of version 4 holds for seven days, by a clock that is not ahead, and names what it depends on', async () => {
    const expiration = new Date(cloud.clock.now() + 30 * 24 * HOUR).toISOString();
    const old = signedV4({ time: cloud.clock.now() - 7 * 24 * HOUR - 1000 });
    expect(outcome(await post({ key: 'a', ...old }))[1]).toBe('AccessDenied');
    const early = signedV4({ time: cloud.clock.now() + HOUR });
    expect(outcome(await post({ key: 'a', ...early }))[1]).toBe('RequestTimeTooSkewed');
    const bare = signedV4({ document: { expiration, conditions: [] } });
    expect(outcome(await post({ key: 'a', ...bare }))[1]).toBe('InvalidPolicyDocument');
  });

  it.each<[string, unknown]>([
    ['0006-00000201', 'no map'],
    ['0006-00000206', { expiration: '2030-01-01T00:00:00Z', conditions: [], more: 1 }],
    ['0006-00000207', { expiration: '2030-01-01T00:00:00Z' }],
    ['0006-00000208', { conditions: [] }],
    ['0006-00000209', {}],
    ['0006-00000210', { expiration: 1, conditions: [] }],
    ['0006-00000211', { expiration: '', conditions: [] }],
    ['0006-00000212', { expiration: 'tomorrow', conditions: [] }],
    ['0006-00000214', { expiration: '2030-01-01T00:00:00Z', conditions: 1 }],
    ['0006-00000216', { expiration: '2030-01-01T00:00:00Z', conditions: [['$key']] }],
    ['0006-00000216', { expiration: '2030-01-01T00:00:00Z', conditions: [['like', '$key', 'a']] }],
    [
      '0006-00000219',
      { expiration: '2030-01-01T00:00:00Z', conditions: [['content-length-range', 2, 1]] },
    ],
    [
      '0006-00000221',
      { expiration: '2030-01-01T00:00:00Z', conditions: [['content-length-range', 1, 'x']] },
    ],
    ['0006-00000222', { expiration: '2030-01-01T00:00:00Z', conditions: [1] }],
    ['0006-00000224', { expiration: '2030-01-01T00:00:00Z', conditions: [['in', '$key', 'a']] }],
  ])('is refused as %s when it is %j', async (ec, document) => {
    expect(outcome(await post({ key: 'a', ...signedV1({ document }) }))).toEqual([
      400,
      'InvalidPolicyDocument',
      ec,
    ]);
  });

  it('has to come with its signature, and the signature with it', async () => {
    for (const missing of ['policy', 'Signature', 'OSSAccessKeyId'] as const) {
      const { [missing]: _, ...fields } = signedV1();
      expect(outcome(await post({ key: 'a', ...fields }))[1]).toBe('InvalidArgument');
    }
    for (const missing of [
      'policy',
      'x-oss-signature',
      'x-oss-credential',
      'x-oss-date',
    ] as const) {
      const { [missing]: _, ...fields } = signedV4();
      expect(outcome(await post({ key: 'a', ...fields }))[1]).toBe('InvalidArgument');
    }
    nothingStored();
  });
});

describe('a body that is no form', () => {
  it.each<[string, () => Promise<Reply>, string]>([
    ['has another type', () => postBody(Buffer.from('x'), 'text/plain'), 'MalformedPOSTRequest'],
    [
      'has no boundary',
      () => postBody(Buffer.from('x'), 'multipart/form-data'),
      'MalformedPOSTRequest',
    ],
    ['is empty', () => postBody(Buffer.alloc(0)), 'MalformedPOSTRequest'],
    [
      'starts with something else',
      () => postBody(Buffer.from('x'.repeat(100_000))),
      'MalformedPOSTRequest',
    ],
    [
      'ends too early',
      () =>
        postBody(encode([{ name: 'key', value: 'a' }, file('x'.repeat(1000))]).subarray(0, -200)),
      'MalformedPOSTRequest',
    ],
    ['has no file', () => post({ key: 'a' }, []), 'IncorrectNumberOfFilesInPOSTRequest'],
    ['has no key', () => post({}), 'InvalidArgument'],
    [
      'has its key behind the file',
      () => post({}, [file(), { name: 'key', value: 'a' }]),
      'InvalidArgument',
    ],
    ['has a field twice', () => post({ key: 'a', KEY: 'b' }), 'MalformedPOSTRequest'],
    ['has a part without a name', () => post({ '': 'a' }), 'MalformedPOSTRequest'],
    [
      'has a field that is too long',
      () => post({ key: 'a', long: 'x'.repeat(100_000) }),
      'FieldItemTooLong',
    ],
    [
      'has too many fields',
      () =>
        post(
          Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`f${n}`, 'x'.repeat(60_000)])),
        ),
      'FieldItemTooLong',
    ],
    ['has a key that is none', () => post({ key: '/a' }), 'InvalidObjectName'],
    [
      'goes nowhere',
      () => post({ key: 'a', success_action_redirect: 'javascript:1' }),
      'InvalidArgument',
    ],
    [
      'has a wrong digest',
      () => post({ key: 'a', 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' }),
      'InvalidDigest',
    ],
  ])('because it %s is refused, and nothing is stored', async (_, attempt, code) => {
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
    const reply = await attempt();
    expect([reply.status, reply.element('Code')]).toEqual([400, code]);
    nothingStored();
  });
});
