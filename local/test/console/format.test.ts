import { expect, it } from 'vitest';
import { asText, bytes, counted, moment, pretty } from '#src/console/format';

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

it.each([
  { a: [1, { b: [] }], 'c "d"': 'x, {y}: [z] \\', e: {}, f: [[null, true]], g: '' },
  [],
  [{}],
])('gives JSON line breaks: %j', (value) => {
  for (const text of [JSON.stringify(value), JSON.stringify(value, null, 3)])
    expect(pretty(text)).toBe(JSON.stringify(value, null, 2));
});

it('changes no value of JSON, and no other text', () => {
  expect(pretty('{"id":12345678901234567890,"id":1.50}')).toBe(
    '{\n  "id": 12345678901234567890,\n  "id": 1.50\n}',
  );
  for (const text of ['{not json', '1234', 'hello', '[1,]', '']) expect(pretty(text)).toBe(text);
});

it('indents twenty levels, and no more', () => {
  const deep = pretty('['.repeat(50_000) + ']'.repeat(50_000));
  expect(deep.length).toBeLessThan(100_000 * 42);
});

it('reads UTF-8 text, of a start without the character that is cut off, and nothing else', () => {
  const [whole, start] = [{ whole: true }, { whole: false }];
  const euro = Buffer.from('price: 5 €');
  expect(asText(euro, whole)).toBe('price: 5 €');
  expect(asText(euro.subarray(0, -1), start)).toBe('price: 5 ');
  for (const bytes of [[0xff, 0xfe], [0x41, 0xe2, 0x82], [0]])
    expect(asText(Buffer.from(bytes), whole)).toBeUndefined();
  expect(asText(Buffer.from([0x89, 0x50, 0xff, 0xfe, 0xff]), start)).toBeUndefined();
  expect(asText(Buffer.from('a\0b'), start)).toBeUndefined();
});
