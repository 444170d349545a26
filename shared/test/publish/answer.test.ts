import { expect, it } from 'vitest';
import { InvalidInputError, ServiceError } from '#src/errors/errors';
import { answerMany, answerOne } from '#src/publish/answer';

const published = { ok: true, value: { messageId: 'M1', claimKey: 'claims/1' } } as const;
const refused = {
  ok: false,
  error: new InvalidInputError('Filter tag is too long', { code: 'InvalidTag', status: 422 }),
} as const;
const failed = {
  ok: false,
  error: new ServiceError('down', { service: 'smq', code: 'x', retryable: true }),
} as const;

const read = ({ statusCode, body }: { statusCode: number; body?: unknown }) => [
  statusCode,
  JSON.parse(String(body)),
];

it('answers one published item with 202, its id and the caller’s name for it', () => {
  expect(read(answerOne(published, { orderId: 7 }))).toEqual([
    202,
    { orderId: 7, messageId: 'M1', claimKey: 'claims/1' },
  ]);
});

it('throws the error of an item that was not published, and an error when there was no item', () => {
  expect(() => answerOne(refused, {})).toThrow(refused.error);
  expect(() => answerOne(undefined, {})).toThrow('Nothing was published');
});

it('answers a list with 202 when all are published', () => {
  expect(read(answerMany([published, published], [{ n: 0 }, { n: 1 }]))).toEqual([
    202,
    { results: [0, 1].map((n) => ({ n, ...published.value })) },
  ]);
});

it('answers a list with 207 otherwise, with the part of each error that the caller may see', () => {
  expect(read(answerMany([refused, published, failed], [{ n: 0 }, { n: 1 }, { n: 2 }]))).toEqual([
    207,
    {
      results: [
        { n: 0, error: { code: 'InvalidTag', message: 'Filter tag is too long', issues: [] } },
        { n: 1, ...published.value },
        {
          n: 2,
          error: {
            code: 'TemporarilyUnavailable',
            message: 'The request could not be handled',
          },
        },
      ],
    },
  ]);
});
