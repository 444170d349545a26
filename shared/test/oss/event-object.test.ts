import { describe, expect, it } from 'vitest';
import { checkOutputPrefix, eventObject, keyReadings } from '#src/oss/event-object';
import { localOss } from './local-oss.ts';

it.each([
  ['uploads/a.png', ['uploads/a.png']],
  ['uploads/%E5%A4%A7.png', ['uploads/%E5%A4%A7.png', 'uploads/大.png']],
  ['uploads/a+b.png', ['uploads/a+b.png', 'uploads/a b.png']],
  ['uploads/100%.png', ['uploads/100%.png']],
  ['uploads/%ff.png', ['uploads/%ff.png']],
  ['uploads%2Fa%2Bb', ['uploads%2Fa%2Bb', 'uploads/a+b']],
])('reads the key %j as %j', (key, readings) => {
  expect(keyReadings(key)).toEqual(readings);
});

describe('eventObject', () => {
  it('finds the object whether its key came encoded or not', async () => {
    const { client } = await localOss();
    for (const key of ['in/大 1+1 100%.txt', 'in/plain.txt', 'in/%E5.txt', 'in/a%20b.txt']) {
      const { eTag } = await client.putObject(key, key);
      for (const sent of [key, encodeURIComponent(key), encodeURI(key)])
        expect((await eventObject(client, { key: sent, eTag }, 'in/'))?.key).toBe(key);
    }
  });

  it('uses the ETag when both readings exist', async () => {
    const { client } = await localOss();
    const first = await client.putObject('in/a b', 'first');
    const second = await client.putObject('in/a%20b', 'second');
    const found = (eTag: string) => eventObject(client, { key: 'in/a%20b', eTag }, 'in/');
    expect((await found(first.eTag))?.key).toBe('in/a b');
    expect((await found(second.eTag))?.key).toBe('in/a%20b');
    expect((await found('replaced since'))?.key).toBe('in/a%20b');
  });

  it('returns undefined for an object that is gone or under another prefix', async () => {
    const { client } = await localOss();
    const { eTag } = await client.putObject('other/a', 'x');
    expect(await eventObject(client, { key: 'in/a', eTag }, 'in/')).toBeUndefined();
    expect(await eventObject(client, { key: 'other/a', eTag }, 'in/')).toBeUndefined();
  });
});

it.each([
  ['uploads/', 'uploads/'],
  ['uploads/', 'uploads/processed/'],
  ['uploads/images/', 'uploads/'],
  ['', 'processed/'],
])('refuses to listen at %j and write to %j', (input, output) => {
  expect(() => checkOutputPrefix(input, output)).toThrow(
    expect.objectContaining({ name: 'ConfigurationError', code: 'OutputLoops' }),
  );
});

it('accepts separate prefixes', () => {
  expect(() => checkOutputPrefix('uploads/', 'processed/')).not.toThrow();
});
