import { expect, it } from 'vitest';
import { decodeBody } from '#src/events/body-encoding';
import { parseQueueBatch, parseTopicEvent } from '#src/events/index';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const JSON_TEXT = '{"id":"包裹"}';

it.each([
  [JSON_TEXT, JSON_TEXT],
  [base64(JSON_TEXT), JSON_TEXT],
  [base64(`\ufeff${JSON_TEXT}`), JSON_TEXT],
  [base64('x'.repeat(100)).replace(/.{76}/g, '$&\r\n'), undefined],
  ['1234', '1234'], // JSON, and base64
  ['true', 'true'],
  ['abcd', 'abcd'], // base64, but not of text
  ['hello', 'hello'],
  ['', ''],
])('decodes %j with auto only if it is base64 of JSON', (body, text = body) => {
  expect(decodeBody(body, 'auto')).toBe(text);
});

it('decodes any text with encoding base64', () => {
  expect(decodeBody(base64('hello'), 'base64')).toBe('hello');
  expect(decodeBody(base64('x'.repeat(100)).replace(/.{76}/g, '$&\r\n'), 'base64')).toHaveLength(
    100,
  );
  expect(decodeBody('', 'base64')).toBe('');
});

it.each(['{"id":1}', 'abc', 'a===', Buffer.from([0xff, 0xfe, 0xfd]).toString('base64')])(
  'refuses %j with encoding base64, since it is not base64 of text',
  (body) => {
    expect(() => decodeBody(body, 'base64')).toThrow(
      expect.objectContaining({ name: 'InvalidInputError', code: 'InvalidBase64' }),
    );
  },
);

it('leaves text unchanged', () => {
  expect(decodeBody(base64(JSON_TEXT))).toBe(base64(JSON_TEXT));
  expect(decodeBody(base64(JSON_TEXT), 'text')).toBe(base64(JSON_TEXT));
});

it.each([
  ['STREAM', base64(JSON_TEXT)],
  ['STREAM with attributes', JSON.stringify({ body: base64(JSON_TEXT), attrs: { a: 'b' } })],
  ['JSON', JSON.stringify({ TopicName: 't', Message: base64(JSON_TEXT) })],
  [
    'JSON after a byte order mark',
    `\ufeff${JSON.stringify({ TopicName: 't', Message: base64(JSON_TEXT) })}`,
  ],
])('decodes the message of a notification in %s', (_, event) => {
  for (const encoding of ['base64', 'auto'] as const)
    expect(parseTopicEvent(Buffer.from(event), { encoding }).message).toBe(JSON_TEXT);
  expect(parseTopicEvent(Buffer.from(event)).message).toBe(base64(JSON_TEXT));
});

it('decodes the messages of a batch', () => {
  const entry = (messageBody: string) => ({ data: { messageId: 'M', messageBody } });
  const event = Buffer.from(JSON.stringify([entry(base64(JSON_TEXT)), entry(JSON_TEXT)]));
  const bodies = parseQueueBatch(event, { encoding: 'auto' }).map(({ messageBody }) => messageBody);
  expect(bodies).toEqual([JSON_TEXT, JSON_TEXT]);
});

it('reads a notification that no JSON parser could follow as a body', () => {
  const deep = `{"TopicName":"t","Message":"m","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  expect(parseTopicEvent(Buffer.from(deep)).message).toBe(deep);
});
