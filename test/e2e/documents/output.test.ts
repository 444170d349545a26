import { expect, it } from 'vitest';
import { missingLines } from './output.ts';

const SAMPLE = `order-0001-6e24d178
  publish  topic-publisher     275 ms  message 54E01C53…  request 1-6b0368b1-36b0df16c077

ok: 5 orders sent, 0 lost, 1346 ms
`;

it('a sample of output is found with other numbers and ids, among other lines', () => {
  const output = `Built it
order-0001-aa
  publish  topic-publisher   1275 ms  message 99AA  request 1-0-f
  store    queue-consumer  1 ms
ok: 5 orders sent, 0 lost, 9 ms
`;
  expect(missingLines(SAMPLE, output)).toEqual([]);
});

it('a sample of output says which lines are not there, or not in that order', () => {
  const output = `ok: 5 orders sent, 0 lost, 9 ms
order-0001-aa
  publish  topic-publisher   1275 ms  message 99AA  answer 1-0-f
`;
  expect(missingLines(SAMPLE, output)).toEqual(
    SAMPLE.split('\n').filter((_, at) => at === 1 || at === 3),
  );
});
