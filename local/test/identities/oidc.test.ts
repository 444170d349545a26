import { describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { Identities } from '#src/identities/identities';
import { type OidcIssuer, oidcIssuer } from '#src/identities/oidc/issuer';
import { refusalOf } from './account.ts';

const NOW = Date.parse('2030-06-15T12:00:00Z');
const SECONDS = NOW / 1000;
const PROVIDER = 'acs:ram::1:oidc-provider/idp';
const CLAIMS = {
  aud: 'sts.aliyuncs.com',
  sub: 'system:serviceaccount:orders:consumer',
  iat: SECONDS - 60,
  exp: SECONDS + 600,
};

const rsa = oidcIssuer('RS256');
const ec = oidcIssuer('ES256');

function account(issuer: OidcIssuer = rsa, condition: object = {}) {
  const identities = new Identities({
    clock: new DrivenClock(NOW),
    accountId: '1',
    accessKeyId: 'owner',
    accessKeySecret: 'owner-secret',
  });
  identities.defineOidcProvider({
    name: 'idp',
    issuer: issuer.issuer,
    clientIds: ['sts.aliyuncs.com', 'other'],
    keys: [issuer.jwk],
  });
  identities.defineRole({ name: 'pod', trust: trust(condition), policies: [] });
  return identities;
}

function trust(condition: object) {
  return {
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Federated: [PROVIDER] },
        Condition: condition,
      },
    ],
  };
}

const assume = (identities: Identities, token: string, rest: object = {}) =>
  identities.assumeRoleWithOidc({
    role: 'pod',
    sessionName: 'pod-1',
    durationSeconds: 3600,
    provider: PROVIDER,
    token,
    ...rest,
  });

describe('AssumeRoleWithOIDC', () => {
  it.each([
    ['RS256', rsa],
    ['ES256', ec],
  ])('grants a session for a token signed with %s', (_, issuer) => {
    const identities = account(issuer);
    const { credentials, claims } = assume(identities, issuer.token(CLAIMS));
    expect(credentials.expiration).toBe('2030-06-15T13:00:00Z');
    expect(claims).toEqual({
      issuer: 'https://idp.example.com',
      audiences: ['sts.aliyuncs.com'],
      subject: 'system:serviceaccount:orders:consumer',
      expiresAt: NOW + 600_000,
      issuedAt: NOW - 60_000,
    });
    expect(identities.findAccessKey(credentials.accessKeyId)?.principal.arn).toBe(
      'acs:ram::1:assumed-role/pod/pod-1',
    );
  });

  const unsigned = rsa.token(CLAIMS).replace(/[^.]+$/, '');
  it.each<[string, string, string]>([
    ['no JWT', 'x', 'Invalid'],
    ['an empty token', '', 'Invalid'],
    ['four parts', `${rsa.token(CLAIMS)}.x`, 'Invalid'],
    ['a payload that is no JSON', 'eyJhbGciOiJSUzI1NiJ9.eA.eA', 'Invalid'],
    ['a payload that is a list', 'eyJhbGciOiJSUzI1NiJ9.W10.eA', 'Invalid'],
    ['no signature', unsigned, 'Invalid'],
    ['a signature cut short', rsa.token(CLAIMS).slice(0, -20), 'Invalid'],
    ['algorithm none', rsa.token(CLAIMS, { alg: 'none' }), 'Invalid'],
    ['algorithm HS256', rsa.token(CLAIMS, { alg: 'HS256' }), 'Invalid'],
    ['another key id', rsa.token(CLAIMS, { kid: 'other' }), 'Invalid'],
    ["another issuer's key", oidcIssuer('RS256').token(CLAIMS), 'Invalid'],
    ['another issuer', rsa.token({ ...CLAIMS, iss: 'https://evil' }), 'IssuerNotMatch'],
    ['another audience', rsa.token({ ...CLAIMS, aud: 'someone' }), 'AudienceNotMatch'],
    ['no audience', rsa.token({ ...CLAIMS, aud: undefined }), 'AudienceNotMatch'],
    ['an exp that has come', rsa.token({ ...CLAIMS, exp: SECONDS }), 'Expired'],
    ['no exp', rsa.token({ ...CLAIMS, exp: undefined }), 'Invalid'],
    ['an exp no date can hold', rsa.token({ ...CLAIMS, exp: 1e300 }), 'Invalid'],
    ['no sub', rsa.token({ ...CLAIMS, sub: undefined }), 'Invalid'],
    ['an iat two minutes ahead', rsa.token({ ...CLAIMS, iat: SECONDS + 120 }), 'Invalid'],
    ['an nbf two minutes ahead', rsa.token({ ...CLAIMS, nbf: SECONDS + 120 }), 'Invalid'],
    ['an nbf that is text', rsa.token({ ...CLAIMS, nbf: 'soon' }), 'Invalid'],
  ])('is refused for %s', (_, token, code) => {
    const refusal = refusalOf(() => assume(account(), token));
    expect(refusal.code).toBe(`AuthenticationFail.OIDCToken.${code}`);
    if (token.length > 4) expect(refusal.message).not.toContain(token.slice(-20));
  });

  it('is refused for an ES256 signature of the wrong length', () => {
    const token = ec.token(CLAIMS).slice(0, -8);
    expect(refusalOf(() => assume(account(ec), token)).code).toMatch(/Invalid$/);
  });

  it('is refused for an unknown provider, role, session name or duration', () => {
    const code = (rest: object) => refusalOf(() => assume(account(), rsa.token(CLAIMS), rest)).code;
    expect(code({ provider: `${PROVIDER}2` })).toBe('AuthenticationFail.NoPermission');
    expect(code({ role: 'nobody' })).toBe('EntityNotExist.Role');
    expect(code({ sessionName: '*' })).toBe('InvalidParameter.RoleSessionName');
    expect(code({ durationSeconds: 3601 })).toBe('InvalidParameter.DurationSeconds');
    expect(code({ policy: '{' })).toBe('InvalidParameter.PolicyGrammar');
  });

  it('is refused by a role that trusts only services', () => {
    const identities = account();
    const statement = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'fc.aliyuncs.com' },
    };
    identities.defineRole({
      name: 'pod',
      trust: { Version: '1', Statement: [statement] },
      policies: [],
    });
    expect(refusalOf(() => assume(identities, rsa.token(CLAIMS))).code).toBe(
      'AuthenticationFail.NoPermission',
    );
  });
});

describe('a condition on the token', () => {
  const granted = (condition: object, claims: object = {}) => {
    try {
      assume(account(rsa, condition), rsa.token({ ...CLAIMS, ...claims }));
      return true;
    } catch {
      return false;
    }
  };
  it.each<[object, boolean]>([
    [{ StringEquals: { 'oidc:sub': CLAIMS.sub } }, true],
    [{ StringEquals: { 'oidc:sub': ['x', CLAIMS.sub] } }, true],
    [{ StringEquals: { 'oidc:sub': 'system:serviceaccount:orders:other' } }, false],
    [{ StringEquals: { 'oidc:sub': CLAIMS.sub.toUpperCase() } }, false],
    [{ StringEqualsIgnoreCase: { 'oidc:sub': CLAIMS.sub.toUpperCase() } }, true],
    [{ StringNotEquals: { 'oidc:sub': CLAIMS.sub } }, false],
    [{ StringNotEqualsIgnoreCase: { 'oidc:sub': CLAIMS.sub.toUpperCase() } }, false],
    [{ StringLike: { 'oidc:sub': 'system:serviceaccount:orders:*' } }, true],
    [{ StringLike: { 'oidc:sub': 'system:serviceaccount:orders' } }, false],
    [{ StringNotLike: { 'oidc:sub': 'system:serviceaccount:other:*' } }, true],
    [{ StringEquals: { 'oidc:iss': 'https://idp.example.com' } }, true],
    [{ StringEquals: { 'oidc:iss': 'https://idp.example.org' } }, false],
    [{ StringEquals: { 'oidc:aud': 'sts.aliyuncs.com', 'oidc:sub': CLAIMS.sub } }, true],
    [{ StringEquals: { 'oidc:aud': 'other', 'oidc:sub': CLAIMS.sub } }, false],
  ])('the condition %j gives %s', (condition, expected) => {
    expect(granted(condition)).toBe(expected);
  });

  it('holds when one of several audiences matches', () => {
    const condition = { StringEquals: { 'oidc:aud': 'sts.aliyuncs.com' } };
    expect(granted(condition, { aud: ['a', 'sts.aliyuncs.com'] })).toBe(true);
    expect(granted(condition, { aud: ['other'] })).toBe(false);
  });
});

describe('an identity provider', () => {
  const good = {
    name: 'idp',
    issuer: 'https://idp.example.com',
    clientIds: ['a'],
    keys: [rsa.jwk],
  };
  it.each<[string, object, RegExp]>([
    ['a name with a slash', { name: 'a/b' }, /the name is wrong/],
    ['an issuer that is no URL', { issuer: 'idp' }, /"idp" is no URL/],
    ['no client id', { clientIds: [] }, /a client id is missing/],
    ['no key', { keys: [] }, /it has no key/],
    ['a private key', { keys: [{ ...rsa.jwk, d: 'x' }] }, /is a private one/],
    ['a symmetric key', { keys: [{ kty: 'oct', k: 'x' }] }, /kty "oct"/],
    ['an EC key on another curve', { keys: [{ ...ec.jwk, crv: 'P-384' }] }, /crv "P-384"/],
    ['half a key', { keys: [{ kty: 'RSA', n: 'x' }] }, /a key cannot be read/],
  ])('is refused with %s', (_, wrong, message) => {
    expect(() => account().defineOidcProvider({ ...good, ...wrong })).toThrow(message);
  });
});
