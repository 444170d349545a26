import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAccount, type TestAccount } from '#test/openapi/account';
import { FORM, refusalIn } from './signed-calls.ts';

let account: TestAccount;
beforeEach(async () => {
  account = await startAccount();
});
afterEach(() => account.server.close());

describe('a request that is none', () => {
  const json = { accept: 'application/json' };
  it.each<[string, string, RequestInit, string, number]>([
    ['another path', '/x', {}, 'InvalidAction.NotFound', 404],
    ['another method', '/', { method: 'DELETE' }, 'UnsupportedHTTPMethod', 405],
    ['nothing in it', '/', {}, 'MissingVersion', 400],
    ['another format', '/?Format=YAML', {}, 'InvalidParameter.Format', 400],
    ['a parameter twice', '/?Action=a&Action=b', {}, 'InvalidParameter', 400],
    [
      'a JSON body',
      '/',
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
      'InvalidParameter.ContentType',
      400,
    ],
    [
      'a body over 1 MB',
      '/',
      { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1), headers: FORM },
      'RequestTooLarge',
      413,
    ],
    ['broken percent-encoding', '/?Action=%zz&Version=%ff', {}, 'InvalidVersion', 400],
  ])('is refused with %s', async (_, path, init, Code, status) => {
    const response = await fetch(`${account.server.url}${path}`, {
      ...init,
      headers: { ...json, ...init.headers },
    });
    expect(await refusalIn(response)).toMatchObject({ Code, status });
  });

  it('is refused with an absolute request line', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      httpRequest(
        { host: '127.0.0.1', port: account.server.port, path: 'http://[/' },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });
});
