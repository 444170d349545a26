import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { canonicalRequestAcs3, parseAcs3, sha256, signAcs3 } from '#src/openapi/signature/acs3';

const { OpenApiUtil } = createRequire(import.meta.url)('@alicloud/openapi-core');

const HASH = sha256('AppId=app');
const REQUEST = {
  method: 'POST',
  path: '/',
  query: [
    ['b', '*(é)'],
    ['a', 'x y'],
  ] as const,
  headers: {
    host: '127.0.0.1:1',
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    'x-acs-action': ' QueryMcubeVhost ',
    'x-acs-content-sha256': HASH,
  },
};
const SIGNED = ['content-type', 'host', 'x-acs-action', 'x-acs-content-sha256'];

it('puts method, path, query, headers and the hash of the body on lines', () => {
  expect(canonicalRequestAcs3(REQUEST, SIGNED)).toBe(
    [
      'POST',
      '/',
      'a=x%20y&b=%2A%28%C3%A9%29',
      'content-type:application/x-www-form-urlencoded',
      'host:127.0.0.1:1',
      'x-acs-action:QueryMcubeVhost',
      `x-acs-content-sha256:${HASH}`,
      '',
      'content-type;host;x-acs-action;x-acs-content-sha256',
      HASH,
    ].join('\n'),
  );
});

it('agrees with the SDK', () => {
  const header = OpenApiUtil.getAuthorization(
    { ...REQUEST, pathname: '/', query: Object.fromEntries(REQUEST.query) },
    'ACS3-HMAC-SHA256',
    HASH,
    'id',
    'secret',
  );
  expect(parseAcs3(header)).toEqual({
    accessKeyId: 'id',
    signedHeaders: SIGNED,
    signature: signAcs3('secret', REQUEST, SIGNED),
  });
});

const DIGEST = 'a'.repeat(64);
it.each([
  '',
  'ACS3-HMAC-SHA256',
  `ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=${DIGEST}`,
  `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=,Signature=${DIGEST}`,
  `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=Host,Signature=${DIGEST}`,
  `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;,Signature=${DIGEST}`,
  `ACS3-HMAC-SHA256 Credential=id,Signature=${DIGEST}`,
  'ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=abc',
  `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=${DIGEST},x`,
  `acs id:${DIGEST}`,
])('reads nothing from %j', (header) => {
  expect(parseAcs3(header)).toBeUndefined();
});
