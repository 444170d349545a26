import { expect, it } from 'vitest';
import { flag, items, number, optionalNumber, optionalText, text } from '#src/smq/answer';
import { parseMessage } from '#src/smq/message';

const item = { Name: 'n', Digits: '12', Words: '12a', Empty: '', List: [{ A: '1' }, 'x', null] };

it('returns the text of an element, and none for one that contains elements or is missing', () => {
  expect([text(item, 'Name'), text(item, 'Empty')]).toEqual(['n', '']);
  expect(optionalText(item, 'List')).toBeUndefined();
  for (const name of ['List', 'Missing'])
    expect(() => text(item, name)).toThrow(
      expect.objectContaining({ name: 'UnexpectedAnswer', message: `answer has no ${name}` }),
    );
});

it('returns whole numbers, and accepts nothing else as one', () => {
  expect([number(item, 'Digits'), optionalNumber(item, 'Digits')]).toEqual([12, 12]);
  for (const name of ['Words', 'Empty', 'List', 'Missing']) {
    expect(optionalNumber(item, name)).toBeUndefined();
    expect(() => number(item, name)).toThrow(`answer has no number in ${name}`);
  }
});

it('returns the elements in an element', () => {
  expect(items(item, 'List')).toEqual([{ A: '1' }]);
  expect(items(item, 'Name')).toEqual([]);
  expect([flag({ A: 'True' }, 'A'), flag({ A: 'no' }, 'A'), flag({}, 'A')]).toEqual([
    true,
    false,
    false,
  ]);
});

it('returns system properties in both forms, without those that have no value', () => {
  const message = {
    MessageId: 'M',
    MessageBodyMD5: 'MD5',
    MessageBody: 'x',
    ReceiptHandle: 'h',
    EnqueueTime: '1',
    FirstDequeueTime: '2',
    NextVisibleTime: '3',
    DequeueCount: '1',
    Priority: '8',
  };
  const SystemProperties = [
    {
      SystemPropertyValue: [{ Name: 'traceparent', Value: '00-a' }, { Name: 'empty' }],
      PropertyValue: [{ Name: 'baggage', Value: 'a=1' }],
    },
  ];
  expect(parseMessage({ ...message, SystemProperties }).systemProperties).toEqual({
    traceparent: '00-a',
    empty: '',
    baggage: 'a=1',
  });
  expect(parseMessage(message).systemProperties).toBeUndefined();
});
