import { describe, expect, it } from 'vitest';
import { ServiceError } from '#src/errors/errors';
import { oddServer, reply } from './odd-server.ts';

export interface Odd {
  answer: [status: number, headers: Record<string, string>, body: string];
  /** Expected properties of the error. */
  expected: Record<string, unknown>;
}

/** Answers that no cloud service gives, but a server in front of it may. */
const OF_OTHERS: Record<string, Odd> = {
  'a proxy page': {
    answer: [503, { 'content-type': 'text/html' }, '<html><body>Busy</body></html>'],
    expected: { code: 'UnexpectedAnswer', status: 503, retryable: true },
  },
  'a time-out': {
    answer: [408, { 'content-type': 'text/plain', connection: 'close' }, 'Request Timeout'],
    expected: { code: 'UnexpectedAnswer', status: 408, retryable: true },
  },
  'too many requests': {
    answer: [429, { 'content-type': 'text/plain' }, 'Slow down'],
    expected: { code: 'UnexpectedAnswer', status: 429, retryable: true },
  },
  'a 400': {
    answer: [400, { 'content-type': 'text/plain' }, 'Bad request'],
    expected: { code: 'UnexpectedAnswer', status: 400, retryable: false },
  },
  'a JSON 403': {
    answer: [403, { 'content-type': 'application/json' }, '{"code":"Forbidden"}'],
    expected: { code: 'UnexpectedAnswer', status: 403, retryable: false },
  },
};

/** Tests that each operation turns the answers of other servers, and those given, into a ServiceError. */
export function meetsOddAnswers(
  service: 'smq' | 'oss',
  operations: Record<string, (url: string) => Promise<unknown>>,
  odd: Record<string, Odd>,
): void {
  describe.each(Object.entries({ ...OF_OTHERS, ...odd }))('%s', (_what, { answer, expected }) => {
    it.each(Object.entries(operations))('is a ServiceError to %s', async (_name, run) => {
      const url = await oddServer(reply(...answer));
      const error = await run(url).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ServiceError);
      expect(error).toMatchObject({ service, ...expected });
    });
  });
}
