import { expect, it } from 'vitest';
import { ConfigurationError, InvalidInputError, ServiceError } from '#src/errors/errors';
import { publicError } from '#src/errors/public-error';

it('shows everything about wrong input, with the status of the answer', () => {
  const issues = [{ path: 'n', message: 'expected a number' }];
  const error = new InvalidInputError('Body is not valid', { code: 'InvalidValue', issues });
  const known = { code: 'InvalidValue', message: 'Body is not valid', issues, retryable: false };
  expect(publicError(error)).toEqual({ ...known, status: 400 });
  const conflict = new InvalidInputError('taken', { code: 'ObjectConflict', status: 409 });
  expect(publicError(conflict)).toMatchObject({ status: 409, code: 'ObjectConflict' });
});

it.each([
  [new ServiceError('queue orders is away', { service: 'smq', code: 'x', retryable: true }), 503],
  [new ServiceError('no right to orders', { service: 'smq', code: 'AccessDenied' }), 500],
  [new ConfigurationError('QUEUE_NAME is missing', { code: 'MissingEnvironment' }), 500],
  [new Error('secret'), 500],
  ['secret', 500],
])('shows nothing else of any other error: %s', (error, status) => {
  expect(publicError(error)).toEqual({
    status,
    code: status === 503 ? 'TemporarilyUnavailable' : 'InternalError',
    message: 'The request could not be handled',
    retryable: status === 503,
  });
});
