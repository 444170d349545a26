import { describe, expect, it } from 'vitest';
import { readJwtConfig } from '#src/fc/triggers/http-jwt-config';
import { config, RS256, trigger } from './jwt.ts';

describe('an authConfig that cannot be used is refused:', () => {
  const keys = (jwk: object) => ({ jwks: { keys: [jwk] } });
  it.each([
    ['no authConfig', undefined, 'it is no object'],
    ['no keys', { jwks: { keys: [] } }, 'jwks has no keys'],
    ['no tokenLookup', { tokenLookup: '' }, 'tokenLookup is missing'],
    ['an unknown position', { tokenLookup: 'body:a' }, 'the position "body"'],
    ['a lookup without a name', { tokenLookup: 'header' }, 'lacks the name'],
    ['a claim at no known place', { claimPassBy: 'path:a:b' }, 'the position "path"'],
    ['two lists', { whitelist: ['/a'], blacklist: ['/b'] }, 'both a whitelist and a blacklist'],
    ['a * within', { whitelist: ['/*/a'] }, 'where a * is not at the end'],
    ['no alg', keys({ ...RS256.jwk, alg: undefined }), 'alg of jwks.keys[0] is undefined'],
    ['an alg of no kind', keys({ ...RS256.jwk, alg: 'constructor' }), 'alg of jwks.keys[0]'],
    ['another kty', keys({ ...RS256.jwk, alg: 'ES256' }), 'wants kty EC and crv P-256'],
    ['a broken key', keys({ kty: 'RSA', alg: 'RS256' }), 'is no RSA key'],
    ['a secret of no length', keys({ kty: 'oct', alg: 'HS256', k: '' }), 'has no k'],
    ['two keys of one kid', { jwks: { keys: [RS256.jwk, RS256.jwk] } }, 'two keys with kid "k1"'],
  ])('%s', (_, more, message) => {
    const spec = more === undefined ? trigger(undefined) : config(more);
    expect(() => readJwtConfig({ ...spec, source: 's.yaml:9' })).toThrow(
      expect.objectContaining({
        code: 'InvalidAuthConfig',
        message: expect.stringContaining(message),
        remedy: expect.any(String),
      }),
    );
  });
});
