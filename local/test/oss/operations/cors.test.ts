import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, send, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const PAGE = 'https://app.example.com';
const rule = (extra = '') =>
  `<CORSRule><AllowedOrigin>https://*.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>${extra}</CORSRule>`;
const RULES = `<CORSConfiguration>${rule(
  '<AllowedHeader>X-Oss-*</AllowedHeader><AllowedHeader>content-type</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds>',
)}</CORSConfiguration>`;

const put = (body: string) =>
  sendSigned(cloud, { method: 'PUT', query: { cors: undefined }, body });
const ask = (headers: Record<string, string>, path = `/${BUCKET}/a`) =>
  send(cloud, { method: 'OPTIONS', path, headers });
const wants = (method: string, headers = '', origin = PAGE) => ({
  origin,
  'access-control-request-method': method,
  ...(headers && { 'access-control-request-headers': headers }),
});

describe('CORS rules', () => {
  it('are put, got and deleted by ali-oss', async () => {
    const client = cloud.client();
    const rules = [
      {
        allowedOrigin: '*',
        allowedMethod: ['GET', 'PUT'],
        allowedHeader: '*',
        maxAgeSeconds: '10',
      },
    ];
    await client.putBucketCORS(BUCKET, rules as Parameters<typeof client.putBucketCORS>[1]);
    expect((await client.getBucketCORS(BUCKET)).rules).toMatchObject(rules);
    await client.deleteBucketCORS(BUCKET);
    await expect(client.getBucketCORS(BUCKET)).rejects.toMatchObject({
      code: 'NoSuchCORSConfiguration',
      status: 404,
    });
  });

  it.each([
    ['nothing', ''],
    ['no rule', '<CORSConfiguration/>'],
    ['another root', '<Cors/>'],
    [
      'a rule without an origin',
      '<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
    ],
    ['an unknown method', RULES.replace('>PUT<', '>PATCH<')],
    ['two stars', RULES.replace('https://*.', 'https://*.*.')],
    ['a star among exposed headers', RULES.replace('>ETag<', '>*<')],
    ['an age that is none', RULES.replace('>60<', '>soon<')],
  ])('are refused as %s', async (_, body) => {
    const reply = await put(body);
    expect([reply.status, reply.element('Code')]).toEqual([
      400,
      expect.stringMatching(/^(MalformedXML|InvalidArgument)$/),
    ]);
    expect(cloud.oss.service.buckets.require(BUCKET).cors).toBeUndefined();
  });

  it('can be had from the template', async () => {
    const rules = [
      { allowedOrigins: ['*'], allowedMethods: ['GET'], allowedHeaders: [], exposeHeaders: [] },
    ];
    await cloud.oss.service.apply({
      buckets: [{ name: BUCKET, acl: 'private', cors: { rules, responseVary: true } }],
    });
    const { status, headers } = await ask(wants('GET'));
    expect([status, headers['access-control-allow-origin'], headers.vary]).toEqual([
      200,
      '*',
      'Origin',
    ]);
  });
});

it('twenty CORS rules are taken, not more', async () => {
  const rules = (count: number) =>
    put(`<CORSConfiguration>${rule().repeat(count)}</CORSConfiguration>`);
  expect((await rules(20)).status).toBe(200);
  const reply = await rules(21);
  expect([reply.status, reply.element('Code')]).toEqual([400, 'CORSRuleBeyondLimit']);
});

describe('a preflight', () => {
  beforeEach(() => put(RULES));

  it('is answered with what the rule allows, unsigned', async () => {
    const reply = await ask(wants('PUT', 'x-oss-meta-a, Content-Type'));
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'PUT, POST',
      'access-control-allow-headers': 'x-oss-meta-a, Content-Type',
      'access-control-expose-headers': 'ETag',
      'access-control-max-age': '60',
      vary: 'Origin',
    });
    expect((await ask(wants('POST'), `/${BUCKET}/`)).status).toBe(200);
  });

  it('is judged by the rules, whatever is signed', async () => {
    for (const headers of [
      { authorization: 'OSS LTAIunknown:abc=' },
      { authorization: 'nonsense' },
    ] as Record<string, string>[])
      expect((await ask({ ...wants('PUT'), ...headers })).status).toBe(200);
    const signed = `/${BUCKET}/a?OSSAccessKeyId=LTAIunknown&Expires=1&Signature=abc`;
    expect((await ask(wants('PUT'), signed)).status).toBe(200);
    const refused = await ask({ ...wants('DELETE'), authorization: 'OSS a:b' });
    expect(refused.element('Code')).toBe('AccessForbidden');
  });

  it.each([
    ['another origin', wants('PUT', '', 'https://example.org')],
    ['an origin that only begins like one', wants('PUT', '', 'https://app.example.com.evil.org')],
    ['another method', wants('DELETE')],
    ['another header', wants('PUT', 'x-oss-meta-a,authorization')],
  ])('of %s is refused', async (_, headers) => {
    const reply = await ask(headers);
    expect([reply.status, reply.element('Code')]).toEqual([403, 'AccessForbidden']);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('without an origin or a method, of no bucket, or of one without rules, is refused', async () => {
    for (const [headers, missing] of [
      [{ origin: PAGE }, 'Request Access-Control-Request-Method header'],
      [{ 'access-control-request-method': 'PUT' }, 'Origin request header'],
    ] as const) {
      const reply = await ask(headers);
      expect([reply.status, reply.element('Code'), reply.element('Message')]).toEqual([
        400,
        'BadRequest',
        `Insufficient information. ${missing} needed.`,
      ]);
    }
    expect((await ask(wants('PUT'), '/nowhere/a')).element('Code')).toBe('NoSuchBucket');
    await sendSigned(cloud, { method: 'DELETE', query: { cors: undefined } });
    expect((await ask(wants('PUT'))).element('Message')).toContain('not enabled');
  });
});

describe('an answer', () => {
  beforeEach(() => put(RULES));

  it('can be read by the page that a rule allows, an error too', async () => {
    const headers = { origin: PAGE };
    const stored = await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x', headers });
    expect(stored.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-expose-headers': 'ETag',
    });
    const refused = await send(cloud, { method: 'PUT', path: `/${BUCKET}/a`, body: 'x', headers });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([403, PAGE]);
  });

  it('to another page, or to none, says nothing of it', async () => {
    for (const headers of [{ origin: 'https://example.org' }, {}] as Record<string, string>[]) {
      const reply = await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x', headers });
      expect(reply.status).toBe(200);
      expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});
