import { describe, expect, it } from 'vitest';
import { signFc } from '#src/fc/api/signature';
import { signAcs3 } from '#src/openapi/signature/acs3';
import { ALICE, start } from './invocable.ts';

describe('a request by hand', () => {
  const path = '/2016-08-15/services/s/functions/sample/invocations';
  const signed = (date: string, headers: Record<string, string> = {}) => {
    const all: Record<string, string> = { date, ...headers };
    const signature = signFc(ALICE.accessKeySecret, { method: 'POST', path, headers: all });
    return { ...all, authorization: `FC ${ALICE.accessKeyId}:${signature}` };
  };

  it.each([
    ['no signature', () => ({}), 403, 'AccessDenied'],
    ['something else in Authorization', () => ({ authorization: 'Bearer x' }), 403, 'AccessDenied'],
    ['no date', () => signed(''), 400, 'MissingRequiredHeader'],
    ['a date that is none', () => signed('yesterday'), 400, 'InvalidArgument'],
    [
      'an old date',
      () => signed(new Date(Date.now() - 16 * 60_000).toUTCString()),
      403,
      'RequestTimeTooSkewed',
    ],
    [
      'the MD5 of another body',
      () => signed(new Date().toUTCString(), { 'content-md5': 'x' }),
      400,
      'InvalidArgument',
    ],
    [
      'an async task',
      () => signed(new Date().toUTCString(), { 'x-fc-async-task-id': 't' }),
      501,
      'NotImplemented',
    ],
  ])('is refused with %s', async (_, headers, status, code) => {
    const { url } = await start();
    const response = await fetch(url + path, { method: 'POST', headers: headers() });
    expect([response.status, await response.json()]).toMatchObject([status, { ErrorCode: code }]);
  });

  it('for anything but an invocation is NotImplemented', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/2023-03-30/functions`);
    expect([response.status, await response.json()]).toMatchObject([
      501,
      { Code: 'NotImplemented' },
    ]);
  });

  it('is taken once: the same nonce again is refused', async () => {
    const { url } = await start();
    const target = '/2023-03-30/functions/sample/invocations';
    const headers: Record<string, string> = {
      host: url.replace('http://', ''),
      'x-acs-date': new Date().toISOString(),
      'x-acs-signature-nonce': 'n1',
      'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    };
    const names = Object.keys(headers).sort();
    const request = { method: 'POST', path: target, query: [], headers };
    const signature = signAcs3(ALICE.accessKeySecret, request, names);
    headers.authorization = `ACS3-HMAC-SHA256 Credential=${ALICE.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
    const send = () => fetch(url + target, { method: 'POST', headers });
    expect((await send()).status).toBe(200);
    expect(await (await send()).json()).toMatchObject({ Code: 'SignatureNonceUsed' });
  });
});
