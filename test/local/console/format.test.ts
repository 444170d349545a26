import { expect, it } from 'vitest';
import { asText, bytes, counted, moment, pretty } from '#local/console/format';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KB'],
  [20 * 1024 * 1024, '20 MB'],
  [3 * 1024 ** 4, '3.0 TB'],
])('writes %i bytes as %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

it('counts one and many', () => {
  expect([counted(1, 'message'), counted(0, 'message')]).toEqual(['1 message', '0 messages']);
});

it('leaves the date out on the same day, and keeps the whole instant beside it', () => {
  const noon = new Date(2026, 0, 31, 12, 4, 5).getTime();
  expect(moment(noon, noon + 1000).text).toMatch(/>12:04:05</);
  expect(moment(noon, noon + 86_400_000).text).toMatch(/>2026-01-31 12:04:05</);
  expect(moment(noon, noon).text).toContain(`datetime="${new Date(noon).toISOString()}"`);
});

it('gives JSON line breaks, and leaves what is none as it is', () => {
  expect(pretty('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(['{not json', '1234', 'hello'].map(pretty)).toEqual(['{not json', '1234', 'hello']);
});

it('reads UTF-8 text, also with its last character cut off, and nothing else', () => {
  const euro = Buffer.from('price: 5 €');
  expect(asText(euro)).toBe('price: 5 €');
  expect(asText(euro.subarray(0, -1))).toBe('price: 5 ');
  expect(asText(Buffer.from([0x89, 0x50, 0xff, 0xfe, 0xff]))).toBeUndefined();
  expect(asText(Buffer.from('a\0b'))).toBeUndefined();
});
