import { generateKeyPairSync, sign } from 'node:crypto';
import OpenApiUtil from '@alicloud/openapi-util';
import type { LocalCloud } from 'fc-local';
import { describe, expect, it } from 'vitest';
import { signedHeaders } from '#src/call/sign';
import { localVariables, whomTheyLetIn } from '#src/demo/http-auth';
import { templateCloud } from '#test/cloud';
import { ROOT } from '#test/repository';
import { run } from '#test/run';

const withHttp = (cloud: LocalCloud) =>
  (cloud.project?.functions ?? [])
    .filter(({ triggers }) => triggers.some(({ type }) => type === 'http'))
    .map(({ resource }) => resource);

const statusOf = async (url: string, headers = {}) =>
  (await fetch(url, { method: 'POST', headers, body: '{}' })).status;

describe('the HTTP triggers of the template', () => {
  it('require a signature as they are deployed by default', async () => {
    const cloud = await templateCloud({ variables: {} });
    const names = withHttp(cloud);
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) {
      const { url } = cloud.function(name);
      expect([name, await statusOf(url)]).toEqual([name, 403]);
      const signed = signedHeaders('POST', new URL(url), cloud.accessKey);
      // The function's own answer to an empty order, or FC's to a method it does not accept.
      if (name === 'topic-publisher') expect(await statusOf(url, signed)).toBe(400);
      else
        expect([name, (await statusOf(url, signed)) !== 403 || name === 'mpaas-vhost']).toEqual([
          name,
          true,
        ]);
    }
  });

  it('let anyone in on a laptop, unless .env or the shell says otherwise, or --signed', async () => {
    const open = localVariables(ROOT, {}, false);
    expect(open).toMatchObject({ HTTP_AUTH: 'anonymous', UPLOAD_AUTH: 'anonymous' });
    expect(localVariables(ROOT, { HTTP_AUTH: 'jwt' }, false).HTTP_AUTH).toBe('jwt');
    expect(localVariables(ROOT, { HTTP_AUTH: 'anonymous' }, true).HTTP_AUTH).toBe('function');
    const cloud = await templateCloud({ variables: open });
    expect(await statusOf(cloud.function('topic-publisher').url)).toBe(400);
    expect(whomTheyLetIn(cloud)).toMatch(
      /^HTTP triggers let anyone in here \(HTTP_AUTH=anonymous\)/,
    );
  });

  it('require a token at upload-grant if a key is given', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
    const cloud = await templateCloud({
      variables: { UPLOAD_AUTH: 'jwt', UPLOAD_JWK_KID: 'k', UPLOAD_JWK_N: n, UPLOAD_JWK_E: e },
    });
    const { url } = cloud.function('upload-grant');
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', kid: 'k' })}.${part({ sub: 'ann', exp: 4_000_000_000 })}`;
    const token = `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
    expect(await statusOf(url)).toBe(403);
    expect(await statusOf(url, { authorization: `Bearer ${token}x` })).toBe(403);
    expect(await statusOf(url, { authorization: `Bearer ${token}` })).toBe(400);
  });
});

describe('call', () => {
  it('signs as the official library does', () => {
    const pair = { accessKeyId: 'LTAIa', accessKeySecret: 'hush', securityToken: 'token' };
    const url = new URL("https://shop.example/a/b?z=1&a=b%20c&q=it's");
    const headers = signedHeaders('GET', url, pair, new Date('2026-01-02T03:04:05.678Z'));
    const query = Object.fromEntries(url.searchParams);
    const { authorization, ...others } = headers;
    const Util =
      (OpenApiUtil as unknown as { default?: typeof OpenApiUtil }).default ?? OpenApiUtil;
    const wanted = Util.getAuthorization(
      { method: 'GET', pathname: url.pathname, query, headers: others } as never,
      'ACS3-HMAC-SHA256',
      '',
      pair.accessKeyId,
      pair.accessKeySecret,
    );
    expect(authorization).toBe(wanted);
  });

  it('sends a signed request to a trigger that refuses an unsigned one', async () => {
    const cloud = await templateCloud({ variables: {} });
    const { url } = cloud.function('topic-publisher');
    const body = '{"id":"order-1","customer":"Ada","items":[{"sku":"tea","quantity":2}]}';
    const env = {
      ...cloud.environment,
      HOME: ROOT,
      serverless_devs_config_home: '/tmp',
      ALIBABA_CLOUD_ACCESS_KEY_ID: cloud.accessKey.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: cloud.accessKey.accessKeySecret,
    };
    const called = await run(['call', 'topic-publisher', '--url', url, '--body', body], { env });
    expect([called.code, called.stderr]).toEqual([
      0,
      expect.stringMatching(/^202, request \S+\n$/),
    ]);
    expect(JSON.parse(called.stdout)).toMatchObject({ messageId: expect.stringMatching(/\w+/) });
    const wrong = {
      ...env,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'other',
      ALIBABA_CLOUD_ACCOUNT_ID: '1',
    };
    const refused = await run(['call', 'topic-publisher', '--url', url], { env: wrong });
    expect([refused.code, refused.stdout]).toEqual([
      1,
      expect.stringContaining('SignatureNotMatch'),
    ]);
  });

  it.each([
    [['call', 'topic-publisher', '--url', 'nope'], '--url is "nope"; give an address that begins'],
    [['call', 'topic-publisher', '--header', 'nope'], '--header is "nope"; give a name, a colon'],
    [['call', 'topic-publisher', '--body', '@nope'], '--body is "@nope"; there is no such file'],
  ])('ends with 2 for %j', async (args, message) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
