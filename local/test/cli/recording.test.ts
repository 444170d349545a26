import { expect, it } from 'vitest';
import { recordingOf } from '#src/cli/recording';

const NAMES = ['X-Api-Key', 'Cookie', 'apikey', 'passwd', 'Authorization', 'MPAAS_SK_ENV'];

it.each(NAMES)('writes no %s into a fixture, in fields, lists, bodies and text', (name) => {
  const inner = { [name]: 's3cret', list: { [name]: ['s3cret'] }, seen: 'kept' };
  for (const event of [
    JSON.stringify({ headers: inner, body: JSON.stringify(inner) }),
    `${name}: s3cret\nkept`,
    `?${name}=s3cret&kept=1`,
    `{ '${name}': 's3cret', a: 'kept' }`,
    JSON.stringify({ rawHeaders: [name, 's3cret', 'Host', 'kept'] }),
    JSON.stringify([{ name, value: 's3cret' }, { value: 's3cret', key: name }, { name: 'kept' }]),
  ]) {
    const base64 = Buffer.from(event).toString('base64');
    const written = JSON.stringify(recordingOf('f', { at: 0, event: base64, body: base64 }));
    expect(written).not.toContain('s3cret');
    expect(written).toContain('kept');
  }
});
