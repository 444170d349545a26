import { expect, it } from 'vitest';
import { createLog } from '#src/log/log';
import { REDACTED, redact, redactFields, rememberSecrets } from '#src/log/redact';

function capture() {
  const lines: string[] = [];
  return {
    lines,
    options: {
      level: 'debug' as const,
      destination: { write: (line: string) => void lines.push(line) },
    },
  };
}

class Session {
  user = 'u';
  apiKey = 'SECRET';
  readonly #hidden = 'SECRET';

  get cookie() {
    return this.#hidden;
  }
}

class Shown {
  toJSON() {
    return { password: 'SECRET', user: 'u' };
  }
}

const deep = (levels: number): unknown => {
  let value: unknown = { password: 'SECRET' };
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value };
  return value;
};

it.each<[string, unknown, unknown]>([
  ['a field', { Authorization: 'SECRET', name: 'n' }, { Authorization: REDACTED, name: 'n' }],
  ['a list', { tokens: ['SECRET', { a: 'SECRET' }] }, { tokens: [REDACTED, { a: REDACTED }] }],
  [
    'a number, and not what says yes or no',
    { password: 5, pins: { token: [1, 2n] }, cookie: true, secret: null, pair: ['token', 7] },
    {
      password: REDACTED,
      pins: { token: [REDACTED, REDACTED] },
      cookie: true,
      secret: null,
      pair: ['token', REDACTED],
    },
  ],
  [
    'a credential, but for whose it is',
    { credential: { accessKeyId: 'id', id: 'SECRET', expiration: 'e' }, credentials: 'SECRET' },
    { credential: { accessKeyId: 'id', id: REDACTED, expiration: 'e' }, credentials: REDACTED },
  ],
  [
    'an object without a prototype',
    Object.assign(Object.create(null), { authorization: ['SECRET'] }),
    { authorization: [REDACTED] },
  ],
  ['an instance of a class', { s: new Session() }, { s: { user: 'u', apiKey: REDACTED } }],
  ['what shows itself as JSON', { s: new Shown() }, { s: { user: 'u', password: REDACTED } }],
  [
    'a Map of names',
    {
      m: new Map<string, unknown>([
        ['set-cookie', 'SECRET'],
        ['a', 1],
      ]),
    },
    { m: { 'set-cookie': REDACTED, a: 1 } },
  ],
  [
    'a Map of other keys',
    new Map<unknown, unknown>([
      [1, { passwd: 'SECRET' }],
      ['token', 'SECRET'],
    ]),
    [
      [1, { passwd: REDACTED }],
      ['token', REDACTED],
    ],
  ],
  ['a Set', new Set([{ passphrase: 'SECRET' }]), [{ passphrase: REDACTED }]],
  [
    'a pair',
    {
      headers: [
        ['Cookie', 'SECRET'],
        ['host', 'h'],
      ],
    },
    {
      headers: [
        ['Cookie', REDACTED],
        ['host', 'h'],
      ],
    },
  ],
  [
    'names and values by turns',
    { rawHeaders: ['Host', 'h', 'x-api-key', 'SECRET', 'Accept', 'a'] },
    { rawHeaders: ['Host', 'h', 'x-api-key', REDACTED, 'Accept', 'a'] },
  ],
  [
    'a name beside its value',
    [
      { Name: 'api_key', Value: 'SECRET' },
      { key: 'a', value: 'b' },
    ],
    [
      { Name: 'api_key', Value: REDACTED },
      { key: 'a', value: 'b' },
    ],
  ],
  ['a time', { when: new Date(0) }, { when: new Date(0) }],
  ['bytes', { body: Buffer.from('SECRET') }, { body: '[6 bytes]' }],
])('redacts values named like secrets in %s', (_, value, expected) => {
  expect(redactFields(value)).toEqual(expected);
  expect(JSON.stringify(redactFields(value))).not.toContain('SECRET');
});

it.each([
  'cookie',
  'Set-Cookie',
  'set_cookie',
  'apiKey',
  'api-key',
  'API_KEY',
  'x-api-key',
  'XApiKey',
  'passwd',
  'password',
  'db.pass_word',
  'passphrase',
  'pass-phrase',
  'credential',
  'Credentials',
  'privateKey',
  'PRIVATE_KEY',
  'access_key_secret',
  'x-oss-security-token',
  'Signature',
])('treats %s as the name of a secret', (name) => {
  expect(redactFields({ [name]: 'x' })).toEqual({ [name]: REDACTED });
});

it.each(['accessKeyId', 'key', 'keys', 'passed', 'compass', 'path', 'author', 'expiration'])(
  'does not treat %s as the name of a secret',
  (name) => {
    expect(redactFields({ [name]: 'x' })).toEqual({ [name]: 'x' });
  },
);

it('redacts at any depth, and leaves out values that are too deep or too large', () => {
  for (const levels of [8, 9, 100, 100_000]) {
    const { lines, options } = capture();
    createLog(options).info({ value: deep(levels), next: 'seen' }, 'Deep');
    expect(lines.join('')).not.toContain('SECRET');
    expect(lines.join('')).toContain('"next":"seen"');
  }
  const wide = Array.from({ length: 50_000 }, () => ({ password: 'SECRET' }));
  expect(JSON.stringify(redactFields({ wide }))).not.toContain('SECRET');
});

it('copies circular values once, and marks fields that cannot be read', () => {
  const circle: Record<string, unknown> = { token: 'SECRET' };
  circle.self = circle;
  Object.defineProperty(circle, 'broken', {
    enumerable: true,
    get() {
      throw new Error('SECRET');
    },
  });
  expect(redactFields({ circle, again: circle })).toEqual({
    circle: { token: REDACTED, self: '[circular]', broken: '[unreadable]' },
    again: { token: REDACTED, self: '[circular]', broken: '[unreadable]' },
  });
});

it.each(['error', 'err', 'reason'])(
  'describes an error under %s without what it carries',
  (name) => {
    const { lines, options } = capture();
    const config = { headers: { authorization: 'SECRET' } };
    const error = Object.assign(new TypeError('no', { cause: new Error('why') }), { config });
    createLog(options).error({ [name]: error }, 'Failed');
    createLog(options).error(error);
    expect(lines.join('')).not.toContain('SECRET');
    const expected = { name: 'TypeError', message: 'no', cause: { message: 'why' } };
    expect(JSON.parse(lines[0] ?? '')[name]).toMatchObject(expected);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ error: expected, message: 'no' });
  },
);

it('redacts the values of a message, and the fields of a child', () => {
  const { lines, options } = capture();
  const log = createLog(options);
  log.info('with %j and %s', { apiKey: 'SECRET' }, 'text');
  log.child({ cookie: 'SECRET' }).info('x');
  expect(lines.join('')).not.toContain('SECRET');
  expect(JSON.parse(lines[0] ?? '').message).toBe(`with {"apiKey":"${REDACTED}"} and text`);
});

const PRINTED: Record<string, (secret: string) => string> = {
  'as it is': (secret) => secret,
  'as JSON': (secret) => JSON.stringify(secret),
  'percent-encoded': (secret) => encodeURIComponent(secret),
  'percent-encoded in lower case': (secret) =>
    encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  'percent-encoded whole': (secret) =>
    encodeURIComponent(secret).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`),
  'as a form': (secret) => new URLSearchParams({ secret }).toString(),
  'in hex': (secret) => Buffer.from(secret).toString('hex'),
  'in upper-case hex': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in base64url': (secret) => Buffer.from(secret).toString('base64url'),
  'percent-encoded base64': (secret) => encodeURIComponent(Buffer.from(secret).toString('base64')),
  'in base64 with an id of 1': (secret) => Buffer.from(`i:${secret}`).toString('base64'),
  'in base64 with an id of 2': (secret) => Buffer.from(`id:${secret}`).toString('base64'),
  'in base64url within more': (secret) => Buffer.from(`x${secret}yz`).toString('base64url'),
};

it.each(Object.entries(PRINTED))('replaces a remembered secret printed %s', (_, print) => {
  for (const secret of ['se\'cret*&?/~+"=(key)', 'CAISÿ+token/with=signs ÿÿ', 'sixsix']) {
    rememberSecrets(secret);
    const printed = print(secret);
    const clean = redact(`before ${printed} after`);
    expect(clean).toContain(REDACTED);
    // Of base64, the characters at the ends, which hold a neighbour's bits, may remain.
    const longest = Math.max(...clean.split(REDACTED).map((part) => part.length));
    expect(longest).toBeLessThan('before '.length + 8);
    expect(clean.startsWith('before ')).toBe(true);
  }
});

it('replaces the longest of remembered secrets that are part of one another', () => {
  rememberSecrets('part-of', 'it-is-part-of-another', 'part-of-another');
  expect(redact('it-is-part-of-another, part-of-another')).toBe(`${REDACTED}, ${REDACTED}`);
});

it.each([
  ['grant_type=x&client_wordword=SECRET&a=1', `grant_type=x&client_${REDACTED}=${REDACTED}&a=1`],
  ['{"wordwordKey": "SECRET", "a": 1}', `{"${REDACTED}Key": "${REDACTED}", "a": 1}`],
  ['wordword: SECRET\na: 1', `${REDACTED}: ${REDACTED}\na: 1`],
])('hides the value of a name that holds a remembered secret: %s', (text, expected) => {
  rememberSecrets('wordword');
  expect(redact(text)).toBe(expected);
});

it('forgets the oldest secrets rather than growing without limit', () => {
  rememberSecrets('first-secret-of-all');
  for (let index = 0; index < 100; index++) rememberSecrets(`another-secret-${index}`);
  expect(redact('first-secret-of-all another-secret-99')).toBe(`first-secret-of-all ${REDACTED}`);
});
