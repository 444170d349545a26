import { describe, expect, it } from 'vitest';
import { signAcs3 } from '#src/openapi/signature/acs3';
import type { HttpTriggerSpec } from '#src/project/types';
import { ACCOUNT, REGION } from '../services.ts';
import { ALICE, type Keys, start } from './invocable.ts';

describe('an HTTP trigger with authType function', () => {
  const web: HttpTriggerSpec = {
    type: 'http',
    name: 'web',
    authType: 'function',
    methods: ['GET', 'POST'],
  };

  /** Signed as the documentation shows it for HTTP triggers: the date and the token, and no hash of the body. */
  async function send(url: string, keys: Keys, path = '/sample/orders?b=2&a=1') {
    const headers: Record<string, string> = {
      'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      ...(keys.securityToken && { 'x-acs-security-token': keys.securityToken }),
    };
    const [pathname = '', query = ''] = path.split('?');
    const names = Object.keys(headers).sort();
    const request = { method: 'POST', path: pathname, query: new URLSearchParams(query), headers };
    const signature = signAcs3(keys.accessKeySecret, request, names);
    headers.authorization = `ACS3-HMAC-SHA256 Credential=${keys.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
    return fetch(url + path, { method: 'POST', headers, body: 'hello' });
  }

  it('takes a signed request of who may invoke the function', async () => {
    const { url, temporary } = await start(`acs:fc:${REGION}:${ACCOUNT}:functions/dev-sample`, [
      web,
    ]);
    for (const keys of [ALICE, temporary]) {
      const response = await send(url, keys);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('"rawPath":"/orders"');
    }
  });

  it('refuses one without a signature, with a wrong one, and of who may not', async () => {
    const { url } = await start('acs:fc:*:*:functions/other', [web]);
    const answers = [
      await fetch(`${url}/sample/`),
      await send(url, { ...ALICE, accessKeySecret: 'wrong' }),
      await send(url, ALICE),
    ];
    const codes = answers.map(async (one) => {
      const answer: { Code?: string } = JSON.parse(await one.text());
      return [one.status, answer.Code];
    });
    expect(await Promise.all(codes)).toEqual([
      [403, 'AccessDenied'],
      [403, 'SignatureNotMatch'],
      [403, 'AccessDenied'],
    ]);
  });
});
