import { httpEvent } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { InvalidInputError, ServiceError } from '#src/errors/errors';
import { httpHandler } from '#src/handler/http-handler';
import { fakeContext } from '#test/fake-context';

const service = (retryable: boolean) =>
  new ServiceError('no', { service: 'smq', code: 'X', retryable });

it.each<[number, Error, string | undefined]>([
  [503, service(true), '1'],
  [500, service(false), undefined],
  [500, new Error('no'), undefined],
  [400, new InvalidInputError('no', { code: 'X' }), undefined],
])(
  'an answer with %i says when to come again only where that may help',
  async (status, error, after) => {
    const handler = httpHandler({ handle: () => Promise.reject(error) });
    const { statusCode, headers } = await handler(httpEvent({}), fakeContext());
    expect([statusCode, headers?.['retry-after']]).toEqual([status, after]);
  },
);
