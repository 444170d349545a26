import { describe, expect, it } from 'vitest';
import { contextCredentials } from '#src/auth/context-credentials';
import { postPolicyGrant } from '#src/oss/grants/post-policy';
import type { Grantor, GrantRules, UploadWish } from '#src/oss/grants/rules';
import { signedUrlGrant } from '#src/oss/grants/signed-url';
import { stsGrant } from '#src/oss/grants/sts-credential';
import { ACCOUNT, OWNER, REGION } from '#test/local-account';
import { BUCKET, localOss } from '../local-oss.ts';

const RULES: GrantRules = {
  prefix: 'uploads/',
  contentTypes: ['image/png', 'text/plain'],
  maxBytes: 1000,
  expiresInSeconds: 600,
};
const CONTENT = 'a text';
const WISH: UploadWish = { name: 'a/大 +1.txt', contentType: 'text/plain', size: CONTENT.length };
const KEY = 'uploads/a/大 +1.txt';

async function granting(rules: Partial<GrantRules> = {}) {
  const oss = await localOss();
  const {
    accessKeyId = '',
    accessKeySecret = '',
    securityToken = '',
  } = oss.context().credentials ?? {};
  const credentials = { accessKeyId, accessKeySecret, securityToken };
  const grantor: Grantor = { bucket: BUCKET, region: REGION, credentials, env: oss.env };
  const post = postPolicyGrant({ ...RULES, ...rules }, WISH, grantor);
  const url = signedUrlGrant({ ...RULES, ...rules }, WISH, grantor);
  return { ...oss, grantor, post, url, stored: () => oss.stored(KEY) };
}

/** Does what a browser does with the form. */
async function sendForm(
  { url, fields }: { url: string; fields: Record<string, string> },
  {
    content = CONTENT,
    type = 'text/plain',
    change = {} as Record<string, string | undefined>,
  } = {},
) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...change }))
    if (value !== undefined) form.append(name, value);
  form.append('file', new Blob([content], { type }), 'file.txt');
  return outcome(await fetch(url, { method: 'POST', body: form }));
}

async function sendUrl(
  { url, headers }: { url: string; headers: Record<string, string> },
  { content = CONTENT, change = {} as Record<string, string>, target = url } = {},
) {
  // fetch sets the length itself.
  const { 'content-length': _, ...rest } = headers;
  return outcome(
    await fetch(target, { method: 'PUT', body: content, headers: { ...rest, ...change } }),
  );
}

async function outcome(response: Response) {
  const code = /<Code>(\w+)</.exec(await response.text())?.[1];
  return [response.status, ...(code ? [code] : [])];
}

describe('a POST policy', () => {
  it('accepts the form it is for', async () => {
    const { post, stored, client } = await granting();
    expect(await sendForm(post)).toEqual([201]);
    expect(String(await stored())).toBe(CONTENT);
    expect(post.key).toBe(KEY);
    expect(await client.headObject(KEY)).toMatchObject({ contentType: 'text/plain' });
  });

  it.each([
    ['another key', { change: { key: 'uploads/b.txt' } }],
    ['another prefix', { change: { key: 'orders/b.txt' } }],
    ['another type', { change: { 'x-oss-content-type': 'text/html' } }],
    ['no type', { change: { 'x-oss-content-type': undefined } }],
    ['leave to overwrite', { change: { 'x-oss-forbid-overwrite': undefined } }],
    ['leave for everybody to write', { change: { 'x-oss-object-acl': 'public-read-write' } }],
    ['another encoding', { change: { 'content-encoding': 'gzip' } }],
    ['no encoding', { change: { 'content-encoding': undefined } }],
    ['a disposition', { change: { 'content-disposition': 'attachment' } }],
    ['another storage class', { change: { 'x-oss-storage-class': 'Archive' } }],
    [
      'a callback of the uploader',
      {
        change: {
          callback: Buffer.from(
            '{"callbackUrl":"http://127.0.0.1:1/","callbackBody":"a"}',
          ).toString('base64'),
        },
      },
    ],
    ['no word of a callback', { change: { callback: undefined } }],
    ['another policy', { change: { policy: Buffer.from('{"conditions":[]}').toString('base64') } }],
    ['no token', { change: { 'x-oss-security-token': undefined } }],
  ])('refuses %s', async (_, change) => {
    const { post, client } = await granting();
    const [status] = await sendForm(post, change);
    expect(status).toBe(403);
    expect((await client.listObjects()).objects).toEqual([]);
  });

  it('names each field of the form in its policy, and no others', async () => {
    const { fields } = (await granting()).post;
    const { policy, 'x-oss-signature': _, ...named } = fields;
    const { conditions } = JSON.parse(Buffer.from(policy ?? '', 'base64').toString());
    const pairs = conditions
      .filter((condition: unknown) => Array.isArray(condition) && condition[0] === 'eq')
      .map(([, name, value]: string[]) => [name?.slice(1), value]);
    expect(Object.fromEntries(pairs)).toEqual(named);
  });

  it('leaves the object as it would be without a form', async () => {
    const { post, client } = await granting();
    await sendForm(post);
    expect(String((await client.getObject(KEY)).body)).toBe(CONTENT);
    expect(String((await client.getObject(KEY, { maxBytes: 100 })).body)).toBe(CONTENT);
  });

  it('stores the granted type, whatever the file declares', async () => {
    const { post, client } = await granting();
    expect(await sendForm(post, { type: 'text/html' })).toEqual([201]);
    expect(await client.headObject(KEY)).toMatchObject({ contentType: 'text/plain' });
  });

  it('refuses a file over the limit, and a second one', async () => {
    const { post, stored } = await granting();
    expect(await sendForm(post, { content: 'x'.repeat(1001) })).toEqual([400, 'EntityTooLarge']);
    await expect(stored()).rejects.toMatchObject({ code: 'NoSuchKey' });
    expect(await sendForm(post)).toEqual([201]);
    expect(await sendForm(post)).toEqual([409, 'FileAlreadyExists']);
  });

  it('ends when it says', async () => {
    const { post, clock } = await granting();
    await clock.advance(601_000);
    expect((await sendForm(post))[0]).toBe(403);
  });

  it('may allow overwriting', async () => {
    const { post } = await granting({ overwrite: true });
    expect([await sendForm(post), await sendForm(post)]).toEqual([[201], [201]]);
  });

  it('carries the callback in the form and in the policy', () => {
    const callback = { url: 'https://example.com/done', body: '{}' };
    const grantor = { bucket: BUCKET, region: REGION, credentials: OWNER, env: {} };
    const { fields } = postPolicyGrant({ ...RULES, callback }, WISH, grantor);
    expect(JSON.parse(Buffer.from(fields.callback ?? '', 'base64').toString())).toEqual({
      callbackUrl: callback.url,
      callbackBody: '{}',
      callbackBodyType: 'application/json',
    });
    const { conditions } = JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString());
    expect(conditions).toContainEqual(['eq', '$callback', fields.callback]);
  });
});

it('lists for each kind what the service does not enforce', async () => {
  const { post, url } = await granting();
  expect(post.notEnforced).toEqual([
    'metadata',
    'cacheControl',
    'contentLanguage',
    'expires',
    'callbackVar',
    'successActionRedirect',
    'tagging',
    'serverSideEncryption',
  ]);
  expect(url.notEnforced).toEqual([
    'size',
    'cacheControl',
    'contentDisposition',
    'contentEncoding',
    'contentLanguage',
    'expires',
  ]);
});

describe('a signed URL', () => {
  it('accepts the object it is for', async () => {
    const { url, stored, client } = await granting();
    expect(await sendUrl(url)).toEqual([200]);
    expect(String(await stored())).toBe(CONTENT);
    expect(await client.headObject(KEY)).toMatchObject({ contentType: 'text/plain' });
  });

  it.each([
    ['another type', { change: { 'content-type': 'text/html' } }],
    ['another length', { content: 'longer than it said' }],
    ['leave to overwrite', { change: { 'x-oss-forbid-overwrite': 'false' } }],
    ['leave for everybody to write', { change: { 'x-oss-object-acl': 'public-read-write' } }],
    ['metadata', { change: { 'x-oss-meta-more': '1' } }],
  ])('refuses %s', async (_, change) => {
    const { url, client } = await granting();
    expect(await sendUrl(url, change)).toEqual([403, 'SignatureDoesNotMatch']);
    expect((await client.listObjects()).objects).toEqual([]);
  });

  it('refuses another key, and a second object', async () => {
    const { url } = await granting();
    const target = url.url.replace('/uploads/', '/orders/');
    expect(await sendUrl(url, { target })).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await sendUrl(url)).toEqual([200]);
    expect(await sendUrl(url)).toEqual([409, 'FileAlreadyExists']);
  });

  it('ends when it says', async () => {
    const { url, clock } = await granting();
    await clock.advance(601_000);
    expect((await sendUrl(url))[0]).toBe(403);
  });

  it('is on the public endpoint, with the bucket in the host, also if functions use the internal one', () => {
    const grantor = { bucket: BUCKET, region: REGION, credentials: OWNER };
    for (const env of [
      {},
      { NETWORK: 'internal' },
      { OSS_ENDPOINT: 'https://oss-cn-hangzhou-internal.aliyuncs.com' },
    ]) {
      const { url } = signedUrlGrant(RULES, WISH, { ...grantor, env });
      expect(url).toMatch(
        /^https:\/\/order-archive\.oss-cn-hangzhou\.aliyuncs\.com\/uploads\/a\/%E5%A4%A7%20%2B1\.txt\?x-oss-additional-headers=content-length&/,
      );
    }
  });
});

it.each([
  [{ name: '../orders/x.txt' }, 'InvalidObjectKey'],
  [{ name: '*' }, 'InvalidObjectKey'],
  [{ name: 'a?.txt' }, 'InvalidObjectKey'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a form would replace it
  [{ name: '${filename}' }, 'InvalidObjectKey'],
  [{ contentType: 'text/html' }, 'UnsupportedMediaType'],
  [{ size: 1001 }, 'PayloadTooLarge'],
  [{ size: -1 }, 'InvalidSize'],
  [{ size: 1.5 }, 'InvalidSize'],
  [{ size: Number.NaN }, 'InvalidSize'],
  [{ size: Number.POSITIVE_INFINITY }, 'InvalidSize'],
])('grants nothing to %j', async (change, code) => {
  const grantor = { bucket: BUCKET, region: REGION, credentials: OWNER, roleArn: 'none' };
  const wish = { ...WISH, ...change };
  const refused = expect.objectContaining({ name: 'InvalidInputError', code });
  expect(() => postPolicyGrant(RULES, wish, grantor)).toThrow(refused);
  expect(() => signedUrlGrant(RULES, wish, grantor)).toThrow(refused);
  await expect(stsGrant(RULES, wish, grantor)).rejects.toEqual(refused);
});

it.each(['"'.repeat(1000), `a\u2028b`, '\u2029'])(
  'a credential for the name %j is refused as input, since no session policy can hold it',
  async (name) => {
    const { cloud, context } = await localOss({ actions: ['sts:AssumeRole', 'oss:*'] });
    const grantor = {
      bucket: BUCKET,
      region: REGION,
      credentials: contextCredentials(context()),
      env: cloud.environment,
      roleArn: `acs:ram::${ACCOUNT}:role/function-role`,
    };
    const asking = stsGrant(RULES, { ...WISH, name }, grantor);
    await expect(asking).rejects.toMatchObject({
      name: 'InvalidInputError',
      code: 'InvalidObjectKey',
      status: 400,
    });
  },
);
