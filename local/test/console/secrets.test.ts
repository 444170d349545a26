import { expect, it } from 'vitest';
import { shownVariable, withoutSecrets } from '#src/console/secrets';
import { HIDDEN } from '#src/secrets';

it.each([
  'OSS_ACCESS_KEY_SECRET',
  'DB_PASSWORD',
  'API_KEY',
  'githubToken',
  'PRIVATE_KEY',
  'SESSION_COOKIE',
  'x-api-key',
  'TLS_PASSPHRASE',
  'MYSQL_PASSWD',
  'CREDENTIAL',
  'MPAAS_SK_ENV',
  'my-sk',
])('hides the value of %s', (name) => {
  expect(shownVariable(name, 'abc')).toBe(HIDDEN);
});

it('shows other variables, without the password in an address', () => {
  expect(shownVariable('QUEUE_NAME', 'orders')).toBe('orders');
  expect(shownVariable('SMQ_ENDPOINT', 'http://127.0.0.1:6801')).toBe('http://127.0.0.1:6801');
  expect(shownVariable('REDIS', 'redis://me:pa55@db:1/0')).toBe(`redis://me:${HIDDEN}@db:1/0`);
});

it('hides secrets in JSON, however often it is quoted', () => {
  const credential = { accessKeyId: 'id-1', accessKeySecret: 's3cret', securityToken: 't0ken' };
  const once = JSON.stringify({ credential, body: JSON.stringify({ credential }) });
  for (const text of [once, JSON.stringify(once), JSON.stringify({ credential }, null, 2)]) {
    expect(withoutSecrets(text)).not.toMatch(/s3cret|t0ken/);
    expect(withoutSecrets(text)).toContain('id-1');
  }
  expect(JSON.parse(withoutSecrets(once))).toMatchObject({
    credential: { accessKeySecret: HIDDEN },
  });
});

it.each(['pa"55', 'pa\\55', 'pa55\\', '\\"pa55', 'pa\n55', '"', ''])(
  'hides the whole of %j, however often it is quoted',
  (password) => {
    const open = JSON.stringify({ password, next: 'seen' });
    const hidden = JSON.stringify({ password: HIDDEN, next: 'seen' });
    expect(withoutSecrets(open)).toBe(hidden);
    const body = (text: string) => JSON.stringify({ body: text });
    expect(withoutSecrets(body(open))).toBe(body(hidden));
    expect(withoutSecrets(body(body(open)))).toBe(body(body(hidden)));
  },
);

it.each([
  ["{ accessKeySecret: 's3cret', next: 'seen' }", `{ accessKeySecret: '${HIDDEN}', next: 'seen' }`],
  [`{ 'x-api-key': "it's s3cret", next: 1 }`, `{ 'x-api-key': "${HIDDEN}", next: 1 }`],
  ['{ password: `s3cret`, next: 1 }', `{ password: \`${HIDDEN}\`, next: 1 }`],
  ["Map(1) { 'token' => 's3cret' }", `Map(1) { 'token' => '${HIDDEN}' }`],
  ['{"tokens":["s3cret","s3cret"],"n":"seen"}', `{"tokens":["${HIDDEN}","${HIDDEN}"],"n":"seen"}`],
  [
    '{"credentials":{"accessKeyId":"id-1","deep":{"a":["s3cret"]}},"n":"seen"}',
    `{"credentials":{"accessKeyId":"id-1","deep":{"a":["${HIDDEN}"]}},"n":"seen"}`,
  ],
  [
    "{ secrets: [ 's3cret', { a: 's3cret' } ], n: 'seen' }",
    `{ secrets: [ '${HIDDEN}', { a: '${HIDDEN}' } ], n: 'seen' }`,
  ],
  ['GET /?token=s3cret&n=seen', `GET /?token=${HIDDEN}&n=seen`],
  ['/x?a=1&access_token=s3cret and on', `/x?a=1&access_token=${HIDDEN} and on`],
  ['Cookie: a=s3cret; b=s3cret\nHost: seen', `Cookie: ${HIDDEN}\nHost: seen`],
  ['Authorization: Bearer s3cret', `Authorization: ${HIDDEN}`],
  ['X-Api-Key: s3cret\n', `X-Api-Key: ${HIDDEN}\n`],
  ['MPAAS_SK_ENV=s3cret seen', `MPAAS_SK_ENV=${HIDDEN} seen`],
  ['redis://me:s3cret@db:1/0', `redis://me:${HIDDEN}@db:1/0`],
  [
    '{"rawHeaders":["Cookie","s3cret","Host","seen"]}',
    `{"rawHeaders":["Cookie","${HIDDEN}","Host","seen"]}`,
  ],
  [
    "rawHeaders: [\n  'Host', 'seen',\n  'x-api-key',\n  's3cret'\n]",
    `rawHeaders: [\n  'Host', 'seen',\n  'x-api-key',\n  '${HIDDEN}'\n]`,
  ],
  ['[["cookie","s3cret"],["host","seen"]]', `[["cookie","${HIDDEN}"],["host","seen"]]`],
  [
    "{ name: 'cookie', value: 's3cret', path: 'seen' }",
    `{ name: 'cookie', value: '${HIDDEN}', path: 'seen' }`,
  ],
  [
    '{"Name":"apiKey","Type":"STRING","Value":"s3cret"}',
    `{"Name":"apiKey","Type":"STRING","Value":"${HIDDEN}"}`,
  ],
  [
    '{"value":"s3cret","n":1,"ok":true,"key":"DB_PASSWORD"}',
    `{"value":"${HIDDEN}","n":1,"ok":true,"key":"DB_PASSWORD"}`,
  ],
  [
    "[{ key: 'token', value: 's3cret' }, { key: 'a', value: 'seen' }]",
    `[{ key: 'token', value: '${HIDDEN}' }, { key: 'a', value: 'seen' }]`,
  ],
])('hides what is secret in %j, and no more', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
  expect(JSON.parse(withoutSecrets(JSON.stringify({ body: text })))).toEqual({ body: shown });
});

it.each([
  'SecurityTokenExpired: The security token is no longer valid',
  'Unexpected token } in JSON at position 4',
  '{"maxTokens":500,"hasCookie":true,"token":null}',
  '{ tokens: 12, secret: undefined }',
  'a disk: full',
  '{"kind":"token","id":"seen"}',
  "{ name: 'cookie', count: 2 }",
  "{ name: 'a', value: 'seen' }, { name: 'cookie' }",
  '["token"]',
  'the "token", it seems',
])('shows %j as it is', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

it('hides the texts under such a name where the text is cut off', () => {
  expect(withoutSecrets('{"tokens":["s3cret","s3cr')).toBe(`{"tokens":["${HIDDEN}","${HIDDEN}`);
  expect(withoutSecrets('{"token":"s3cr')).toBe(`{"token":"${HIDDEN}`);
});

// Would take minutes if the time grew with the square of the length.
it.each([
  '\\',
  '"token",',
  '\\\\"token\\\\",',
  'value:"',
  'value:\\\\"',
  '{name:"token",',
  'value:"",',
  'token',
  '"token',
  '"token":"\\',
  'token: ',
  'token:[',
  'token:[\\',
])('reads a megabyte of %j at once', (piece) => {
  const text = `"${piece.repeat((1024 * 1024) / piece.length)}`;
  expect(withoutSecrets(text).startsWith('"')).toBe(true);
});

it('hides the token and the signature of a signed URL', () => {
  const url =
    'https://b.oss.example/k?OSSAccessKeyId=id&security-token=t0ken&Signature=s1g&Expires=1';
  expect(withoutSecrets(`"${url}"`)).toBe(
    `"https://b.oss.example/k?OSSAccessKeyId=id&security-token=${HIDDEN}&Signature=${HIDDEN}&Expires=1"`,
  );
});
