import { expect, it } from 'vitest';
import { createLog } from '#src/log/log';
import { REDACTED, redact } from '#src/log/redact';

const inner = JSON.stringify({ user: 'u', password: 'SECRET', pins: { token: 4711 } });

it.each<[string, string, string]>([
  ['user info', 'GET http://u:SECRET@x/a', `GET http://${REDACTED}@x/a`],
  [
    'user info that is one word',
    'see https://SECRET@git.x/a.git',
    `see https://${REDACTED}@git.x/a.git`,
  ],
  [
    'user info with an @ in it',
    'redis://:SEC@RET@10.0.0.1:6379/0',
    `redis://${REDACTED}@10.0.0.1:6379/0`,
  ],
  [
    'two addresses',
    'http://a:SECRET@x http://b:SECRET@y',
    `http://${REDACTED}@x http://${REDACTED}@y`,
  ],
  [
    'a query',
    'http://x/?access_token=SECRET&page=2#token=SECRET',
    `http://x/?access_token=${REDACTED}&page=2#token=${REDACTED}`,
  ],
  [
    'a signed address',
    'https://b.oss/k?Expires=1&OSSAccessKeyId=id&Signature=SEC%2BRET%3D',
    `https://b.oss/k?Expires=1&OSSAccessKeyId=id&Signature=${REDACTED}`,
  ],
  ['a form', 'grant_type=code&client_secret=SECRET', `grant_type=code&client_secret=${REDACTED}`],
  [
    'a connection string',
    'Server=x;Password=SECRET;Pooling=true',
    `Server=x;Password=${REDACTED};Pooling=true`,
  ],
  ['an assignment', 'DB_PASSWORD="SECRET words" npm start', `DB_PASSWORD="${REDACTED}" npm start`],
  [
    'JSON',
    '{"user":"u","password":"SEC\\"RET","n":1}',
    `{"user":"u","password":"${REDACTED}","n":1}`,
  ],
  ['JSON with blanks', '{ "apiKey" : "SECRET" }', `{ "apiKey" : "${REDACTED}" }`],
  ['a number in JSON', '{"token":4711,"n":1}', `{"token":"${REDACTED}","n":1}`],
  ['a negative one', '{"token":-4.7e+11}', `{"token":"${REDACTED}"}`],
  ['a list in JSON', '{"tokens":["SECRET","a]SECRET"],"n":1}', `{"tokens":"${REDACTED}","n":1}`],
  [
    'an object in JSON',
    '{"credentials":{"key":"}SECRET","a":[{"b":"SECRET"}]},"n":1}',
    `{"credentials":"${REDACTED}","n":1}`,
  ],
  ['JSON in JSON', JSON.stringify({ body: inner }), ''],
  ['JSON in JSON in JSON', JSON.stringify({ body: JSON.stringify({ inner }) }), ''],
  ['JSON that was cut off', '{"user":"u","password":"SECRE', `{"user":"u","password":"${REDACTED}`],
  ['a list that was cut off', '{"tokens":["a","SECRE', `{"tokens":"${REDACTED}"`],
  [
    'an object as Node prints it',
    "{ user: 'u', password: 'SECRET' }",
    `{ user: 'u', password: '${REDACTED}' }`,
  ],
  [
    'one as Python prints it',
    "{'password': 'SECRET', 'n': 1}",
    `{'password': '${REDACTED}', 'n': 1}`,
  ],
  ['one as Ruby prints it', '{:token=>"SECRET"}', `{:token=>"${REDACTED}"}`],
  [
    'headers',
    'host: x\r\nAuthorization: Bearer SECRET\r\nCookie: a=SECRET; b=SECRET\r\naccept: a',
    `host: x\r\nAuthorization: ${REDACTED}\r\nCookie: ${REDACTED}\r\naccept: a`,
  ],
  ['a header of its own', 'x-api-key: SECRET', `x-api-key: ${REDACTED}`],
  ['YAML', 'user: u\npassword: SECRET\nport: 1', `user: u\npassword: ${REDACTED}\nport: 1`],
  [
    'a query with quotes and brackets in it',
    "GET http://x/?token=SEC'RET(SECRET)~RET&page=2 (or ?token=SECRET)",
    `GET http://x/?token=${REDACTED}&page=2 (or ?token=${REDACTED})`,
  ],
  [
    'quoted parameters of a header',
    'cookie: a="SECRET"; b="SECRET"\nAuthorization: Digest username="u", response="SECRET"',
    `cookie: ${REDACTED}\nAuthorization: ${REDACTED}`,
  ],
  ['a quote in a text of one', "password='SEC\\'RET' next", `password='${REDACTED}' next`],
])('hides in a text %s', (_, text, expected) => {
  const clean = redact(text);
  expect(clean).not.toMatch(/SEC|RET|4711/);
  if (expected !== '') expect(clean).toBe(expected);
  else expect(JSON.parse(clean).body).toContain('user');
});

it.each([
  'Stored order: 7',
  'Credential is missing: set ALIBABA_CLOUD_ACCESS_KEY_ID',
  'CredentialsError: gone',
  'Security token: it has expired, ask for another',
  'https://x.oss-cn-hangzhou.aliyuncs.com/a?prefix=b&max-keys=1',
  'mail me@example.com, or see https://x/@scope/name',
  '{"tokens":true,"password":null}',
  'a == b, token == other',
  'it said "token" and "cookie", once',
  '// me @ home',
])('leaves unchanged: %s', (text) => {
  expect(redact(text)).toBe(text);
});

function logged(
  log: (log: ReturnType<typeof createLog>) => void,
): [string, Record<string, unknown>] {
  const lines: string[] = [];
  log(createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } }));
  const [line = ''] = lines;
  return [line, JSON.parse(line)];
}

it.each<[string, (log: ReturnType<typeof createLog>) => void]>([
  ['an address', (log) => log.info({ at: new URL('http://u:SECRET@x/?access_token=SECRET') }, 'x')],
  ['JSON in a text', (log) => log.info({ body: inner }, 'x')],
  ['JSON in JSON in a text', (log) => log.info({ body: JSON.stringify({ inner }) }, 'x')],
  ['JSON cut off in a text', (log) => log.info({ body: inner.slice(0, 30) }, 'x')],
  ['an object cut off in a text', (log) => log.info({ body: '{"tokens":["SECRET","SE' }, 'x')],
  ['the message', (log) => log.info(`POST http://x/?token=SECRET said ${inner}`)],
  ['what the message is made of', (log) => log.info('token=%s', 'SECRET')],
  ['the message of an error', (log) => log.error({ error: new Error(`no: ${inner}`) }, 'x')],
  ['a child', (log) => log.child({ url: '//u:SECRET@x' }).info('x')],
  ['a number', (log) => log.info({ password: 4711, tokens: [4711] }, 'x')],
  ['a quoted text that was cut off', (log) => log.info({ a: "it's token='SECRET" }, 'x')],
  [
    'a quoted text that was cut off before another quote',
    (log) => log.info({ a: 'password: `SECRET', b: '`' }, "it's"),
  ],
  ['a quoted text with a quote in it', (log) => log.info("password='SEC\\'RET'")],
  ['quoted parameters of a header', (log) => log.info('Cookie: a="SECRET"; b="SECRET')],
  ['a text that ends with a backslash', (log) => log.info({ a: '{"token":"SECRET\\' }, 'x')],
  ['a value that is a backslash', (log) => log.info({ a: 'token: \\', b: 'cookie: \\' }, '"')],
  ['a name that ends with a backslash', (log) => log.info({ 'token\\': 'SECRET' }, 'x')],
  ['a list that was cut off', (log) => log.info({ a: "token: ['SECRET", b: "['a']" }, 'x')],
  [
    'a text that ends with a name',
    (log) => log.info({ a: 'token:', b: 'cookie: ', c: 'secret=' }, 'x'),
  ],
])('keeps a line whole and without the secrets in %s', (_, write) => {
  const [line, record] = logged((log) => write(log.child({ next: 'seen' })));
  expect(line).not.toMatch(/SEC|RET|4711/);
  expect(record).toMatchObject({ next: 'seen', message: expect.any(String) });
});

it('hides nothing in a line beyond the text that a secret is in', () => {
  const [, record] = logged((log) =>
    log.info({ a: "token='SECRET", b: "it's 'b'", c: 'cookie: [`SECRET', d: '`]' }, "that's"),
  );
  expect(record).toMatchObject({
    a: `token='${REDACTED}`,
    b: "it's 'b'",
    c: `cookie: ${REDACTED}`,
    d: '`]',
    message: "that's",
  });
});

it('leaves fields of a line unchanged that are named like a secret but are open', () => {
  const credential = { accessKeyId: 'STS.id', expiration: '2026-01-01T00:00:00Z', id: 'SECRET' };
  const [, record] = logged((log) => log.info({ credential, note: 'a: "b"' }, 'x'));
  expect(record).toMatchObject({ credential: { ...credential, id: REDACTED }, note: 'a: "b"' });
});

it('takes time in proportion to the text, whatever is in it', () => {
  const texts = [
    'token',
    'token:',
    'token:"',
    'token:[',
    "token=>'",
    '//a',
    '\\\\',
    '\\"token\\":\\"',
    'cookie: {',
  ];
  for (const text of texts) {
    const long = text.repeat(200_000 / text.length);
    expect(redact(long).length).toBeGreaterThan(0);
    expect(redact(`${long} x y`).length).toBeGreaterThan(0);
  }
});
