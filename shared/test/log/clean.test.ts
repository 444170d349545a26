import { expect, it } from 'vitest';
import { isClean, redact, redactLine, rememberSecrets } from '#src/log/redact';

/** A secret that is searched with others, one with characters of every encoding, and a token of a service. */
const SECRETS = ['s3cr3t/+=&"k', 'Zürich Straße%1', `CAIS${'a1B2c3/+'.repeat(90)}==`];
rememberSecrets(...SECRETS);

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const within = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.from('key'.slice(0, shift)), bytes, Buffer.from(':x')]).toString(
      'base64',
    ),
  );
  return [
    ...[secret, encodeURIComponent(secret)],
    ...[bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
    ...[bytes.toString('base64'), bytes.toString('base64url')],
    ...[encodeURIComponent(bytes.toString('base64')), ...within],
  ];
}

it.each(SECRETS.map((secret, at) => [at, secret] as const))(
  'holds no line for clean that has secret %i in any form, at any place',
  (_, secret) => {
    for (const form of formsOf(secret)) {
      const text = JSON.stringify({ message: form }).slice('{"message":"'.length, -2);
      for (const line of [`{"message":"${text}"}`, `{"a":"x ${text} y","b":1}`, `{"${text}":1}`]) {
        expect(isClean(line)).toBe(false);
        expect(isClean(`${line}\n`)).toBe(false);
        expect(redactLine(line)).not.toContain(text);
      }
      expect(redact(form)).not.toContain(form);
    }
  },
);

it.each(['?token=abcdefg', 'Cookie: abcdefg', "{ password: 'abcdefg' }", 'http://me:word@host/'])(
  'holds no line for clean that has a value named like a secret: %s',
  (text) => {
    const line = JSON.stringify({ message: text });
    expect(isClean(line)).toBe(false);
    expect(redactLine(line)).toContain('[redacted]');
  },
);

it('changes no line that is clean', () => {
  const parts = [
    'plain',
    ' ',
    'é',
    'token',
    'secret',
    '\\n',
    's3cr3t',
    '/+',
    'CAIS',
    ':',
    '%',
    '1',
    'ü',
  ];
  let clean = 0;
  let state = 7;
  const random = (count: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % count;
  };
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: random(12) }, () => parts[random(parts.length)]).join('');
    const line = `{"level":"info","id":"${text}"}`;
    if (!isClean(`${line}\n`)) continue;
    clean++;
    expect(redactLine(line)).toBe(line);
  }
  expect(clean).toBeGreaterThan(1000);
});
