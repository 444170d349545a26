import { generateKeyPairSync } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { authenticateJwt, needsToken } from '#src/fc/triggers/http-jwt';
import { readJwtConfig } from '#src/fc/triggers/http-jwt-config';
import type { RequestParts } from '#src/fc/triggers/http-request';
import type { HttpTriggerSpec } from '#src/project/types';
import { startFixture, writeFunction } from '../fixture.ts';
import { config, LOOKUP, type Pair, pair, RS256, trigger } from './jwt.ts';

const NOW = Date.parse('2026-05-06T07:08:09Z');
const SECONDS = NOW / 1000;
function sign({ key, jwk }: Pair, claims: JWTPayload = {}, header = {}): Promise<string> {
  return new SignJWT({ sub: 'ann', exp: SECONDS + 60, ...claims })
    .setProtectedHeader({
      alg: String(jwk.alg),
      ...(jwk.kid ? { kid: String(jwk.kid) } : {}),
      ...header,
    })
    .sign(key);
}

const request = (parts: Partial<RequestParts> = {}): RequestParts => ({
  headers: [],
  query: '',
  body: Buffer.alloc(0),
  ...parts,
});
const bearing = (token: string): RequestParts =>
  request({ headers: [['authorization', `Bearer ${token}`]] });

const enter = (spec: HttpTriggerSpec, parts: RequestParts, path = '/', now = NOW) =>
  authenticateJwt(spec, path, parts, now);

describe('a token', () => {
  it.each([
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'HS256',
    'HS384',
    'HS512',
    'EdDSA',
  ])('signed by %s lets a request in, and no other key’s does', async (alg) => {
    const [own, other] = [pair(alg, 'k'), pair(alg, 'k')];
    const spec = trigger({ jwks: { keys: [own.jwk] }, tokenLookup: LOOKUP });
    const parts = bearing(await sign(own));
    expect(await enter(spec, parts)).toBe(parts);
    if (alg.startsWith('HS')) other.key = Buffer.from('another secret, which nobody configured');
    await expect(enter(spec, bearing(await sign(other)))).rejects.toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: expect.stringMatching(/^The jwt token is invalid or expired: /),
    });
  });

  it('is taken until it expires and from when it begins, by the clock of the cloud', async () => {
    const parts = bearing(await sign(RS256, { nbf: SECONDS, exp: SECONDS + 60 }));
    for (const [now, taken] of [
      [NOW - 1000, false],
      [NOW, true],
      [NOW + 59_000, true],
      [NOW + 60_000, false],
    ] as const) {
      const answer = enter(config(), parts, '/', now);
      if (taken) expect(await answer).toBe(parts);
      else await expect(answer).rejects.toThrow('The jwt token is invalid or expired');
    }
  });

  it.each([
    ['nothing at all', ''],
    ['not three parts', 'abc'],
    ['no JSON', 'a.b.c'],
    ['no signature', `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
  ])('that is %s is refused', async (_, token) => {
    await expect(enter(config(), bearing(token))).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it('is refused when its algorithm is not the key’s, even where the key is public', async () => {
    const { n } = RS256.jwk;
    const forged = await new SignJWT({ sub: 'eve' })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(Buffer.from(String(n)));
    await expect(enter(config(), bearing(forged))).rejects.toThrow('"alg"');
    const other = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS384', kid: 'k1' })
      .sign(RS256.key);
    await expect(enter(config(), bearing(other))).rejects.toThrow('"alg"');
  });

  it('is verified by the key of its kid, and one without by the key without', async () => {
    const [first, plain] = [pair('ES256', 'k1'), pair('ES256')];
    const spec = trigger({ jwks: { keys: [first.jwk, plain.jwk] }, tokenLookup: LOOKUP });
    for (const one of [first, plain]) await enter(spec, bearing(await sign(one)));
    await expect(enter(spec, bearing(await sign(plain, {}, { kid: 'k2' })))).rejects.toThrow(
      'no key has kid "k2"',
    );
    const only = trigger({ jwks: { keys: [first.jwk] }, tokenLookup: LOOKUP });
    await expect(enter(only, bearing(await sign(plain)))).rejects.toThrow('it names no kid');
  });

  it('may be signed with a key that was pasted with its private half', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', key_ops: ['sign'] };
    const spec = trigger({ jwks: { keys: [jwk] }, tokenLookup: LOOKUP });
    await enter(spec, bearing(await sign({ key: privateKey, jwk })));
  });
});

describe('the place of the token', () => {
  const form = 'application/x-www-form-urlencoded';
  const multipart = (token: string): RequestParts =>
    request({
      headers: [['content-type', 'multipart/form-data; boundary=----------------------------b']],
      body: Buffer.from(
        `------------------------------b\r\nContent-Disposition: form-data; name="jwt"\r\n\r\n${token}\r\n------------------------------b--\r\n`,
      ),
    });

  it.each([
    ['header:X-Token', (t: string) => request({ headers: [['x-token', t]] })],
    ['header:Authorization:Bearer ', bearing],
    [
      'cookie:jwt',
      (t: string) =>
        request({
          headers: [
            ['Cookie', 'a=1'],
            ['cookie', `b=2; jwt=${t}`],
          ],
        }),
    ],
    ['query:jwt', (t: string) => request({ query: `a=1&jwt=${t}` })],
    [
      'form:jwt',
      (t: string) =>
        request({
          headers: [['Content-Type', `${form};charset=UTF-8`]],
          body: Buffer.from(`a=1&jwt=${t}`),
        }),
    ],
    ['form:jwt', multipart],
    [[{ readPosition: 'header', parameterName: 'authorization', prefix: 'Bearer ' }], bearing],
    [['header:none', 'query:jwt'], (t: string) => request({ query: `jwt=${t}` })],
  ])('is %j', async (tokenLookup, make) => {
    const parts = make(await sign(RS256));
    expect(await enter(config({ tokenLookup }), parts)).toBe(parts);
    await expect(enter(config({ tokenLookup: 'header:elsewhere' }), parts)).rejects.toMatchObject({
      code: 'AccessDenied',
      message: 'The jwt token is missing: looked for in header elsewhere',
    });
  });

  it('is the first where there is one, though a later one has a better token', async () => {
    const spec = config({ tokenLookup: 'header:first,query:second' });
    const parts = request({ headers: [['first', 'wrong']], query: `second=${await sign(RS256)}` });
    await expect(enter(spec, parts)).rejects.toThrow('invalid or expired');
  });

  it('is not a header without the prefix', async () => {
    const token = await sign(RS256);
    for (const value of [token, `Basic ${token}`, 'Bearer'])
      await expect(
        enter(config(), request({ headers: [['authorization', value]] })),
      ).rejects.toThrow('The jwt token is missing');
  });
});

describe('claims', () => {
  it('reach the function where the configuration says, in place of what the client wrote there', async () => {
    const claimPassBy =
      'query:sub:user,header:roles:X-Roles,cookie:sub:who,form:age:age,header:absent:X-Absent';
    const token = await sign(RS256, { roles: ['a', 'b'], age: 7 });
    const parts = await enter(
      config({ claimPassBy }),
      request({
        headers: [
          ['authorization', `Bearer ${token}`],
          ['x-roles', 'forged'],
          ['X-Absent', 'forged'],
          ['Cookie', 'who=forged; a=1'],
          ['content-type', 'application/x-www-form-urlencoded'],
          ['content-length', '10'],
        ],
        query: 'user=forged&q=1',
        body: Buffer.from('age=9&b=é'),
      }),
    );
    expect(parts.query).toBe('q=1&user=ann');
    expect(parts.body.toString()).toBe('b=%C3%A9&age=7');
    expect(parts.headers).toEqual([
      ['authorization', `Bearer ${token}`],
      ['content-type', 'application/x-www-form-urlencoded'],
      ['X-Roles', '["a","b"]'],
      ['Cookie', 'a=1; who=ann'],
      ['Content-Length', '14'],
    ]);
  });

  it('are none with what the deploy tool fills in, and as the API writes the configuration', async () => {
    const parts = bearing(await sign(RS256));
    expect(await enter(config({ claimPassBy: 'query::' }), parts)).toBe(parts);
    const text = JSON.stringify({
      JWKS: { keys: [RS256.jwk] },
      TokenLookup: LOOKUP,
      ClaimPassBy: 'header:sub:X-User',
    });
    expect((await enter(trigger(text), parts)).headers).toContainEqual(['X-User', 'ann']);
    const listed = [
      { claimName: 'sub', mappingParameterName: 'u', mappingParameterPosition: 'query' },
    ];
    expect((await enter(config({ claimPassBy: listed }), parts)).query).toBe('u=ann');
  });
});

describe('paths', () => {
  it.each([
    [{}, '/a', true],
    [{ whitelist: ['/a'] }, '/a', false],
    [{ whitelist: ['/a'] }, '/a/', true],
    [{ whitelist: ['/login/*'] }, '/login/', false],
    [{ whitelist: ['/login/*'] }, '/login/b/c/d', false],
    [{ whitelist: ['/login/*'] }, '/login', true],
    [{ whitelist: ['/a b'] }, '/a%20b', true],
    [{ whitelist: [] }, '/a', true],
    [{ blacklist: ['/admin/*'] }, '/admin/x', true],
    [{ blacklist: ['/admin/*'] }, '/%61dmin/x', true],
    [{ blacklist: ['/admin/*'] }, '/open', false],
    [{ blacklist: ['/admin/*'] }, '/open/../admin/x', true],
    [{ blacklist: ['/admin/*'] }, '/open/%2e%2e/admin/x', true],
    [{ blacklist: ['/admin/*'] }, '//admin/x', true],
    [{ whitelist: ['/login/*'] }, '/login/../admin', true],
    [{ whitelist: ['/login/*'] }, '/login/..%2fadmin', true],
    [{ whitelist: ['/login/*'] }, '/login/..%5cadmin', true],
    [{ blacklist: [] }, '/a', false],
  ])('with %j: %s needs a token: %s', (lists, path, needed) => {
    expect(needsToken(readJwtConfig(config(lists)), path)).toBe(needed);
  });
});

it('lets requests with a token in over HTTP, those without on the open paths only', async () => {
  const { runtime, clock } = await startFixture();
  const spec = config({ whitelist: ['/open'], claimPassBy: 'header:sub:X-User' });
  const code = 'exports.handler = async (event) => ({ statusCode: 200, body: event.toString() });';
  await runtime.deploy(writeFunction(code, { triggers: [spec] }));
  const url = runtime.httpTriggerUrl('sample') ?? '';
  const token = await sign(RS256, { exp: clock.now() / 1000 + 60 });
  const headers = { authorization: `Bearer ${token}`, 'x-user': 'forged' };
  const event = JSON.parse(await (await fetch(url, { headers })).text());
  expect(event.headers).toMatchObject({ 'X-User': 'ann', Authorization: `Bearer ${token}` });
  expect((await fetch(`${url}open`)).status).toBe(200);
  const refused = await fetch(url);
  expect([refused.status, await refused.json()]).toEqual([
    403,
    {
      RequestId: refused.headers.get('x-fc-request-id'),
      Code: 'AccessDenied',
      Message: 'The jwt token is missing: looked for in header Authorization',
    },
  ]);
  await clock.advance(61_000);
  expect((await fetch(url, { headers })).status).toBe(403);
});
