import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, startAccount, type TestAccount } from '#test/openapi/account';
import { callsTo, FORM, refusalIn, type Values } from './signed-calls.ts';

let account: TestAccount;
beforeEach(async () => {
  account = await startAccount();
});
afterEach(() => account.server.close());

const { post, rpc, timestamp } = callsTo(() => account);

describe('a request signed in RPC style', () => {
  it('is granted with its parameters in the form, the query, or both', async () => {
    expect((await post(rpc())).status).toBe(200);
    const query = rpc(ALICE, { SignatureNonce: 'nonce-2' }, {}, 'GET');
    expect((await fetch(`${account.server.url}/?${query}`)).status).toBe(200);
    const [action = '', ...rest] = rpc(ALICE, { SignatureNonce: 'nonce-3' }).split('&');
    const both = await fetch(`${account.server.url}/?${action}`, {
      method: 'POST',
      headers: FORM,
      body: rest.join('&'),
    });
    expect(both.status).toBe(200);
  });

  it.each<[string, Values, string, number]>([
    ['a wrong signature', { Signature: 'AAAA' }, 'SignatureDoesNotMatch', 400],
    ['a parameter changed', { Format: 'json' }, 'SignatureDoesNotMatch', 400],
    ['a parameter added', { Extra: '1' }, 'SignatureDoesNotMatch', 400],
    ['no signature', { Signature: undefined }, 'IncompleteSignature', 400],
    ['no key id', { AccessKeyId: undefined }, 'MissingAccessKeyId', 400],
    ['an unknown key id', { AccessKeyId: 'LTAI-no' }, 'InvalidAccessKeyId.NotFound', 404],
    ['no method', { SignatureMethod: undefined }, 'MissingSignatureMethod', 400],
    ['another method', { SignatureMethod: 'HMAC-SHA256' }, 'InvalidSignatureMethod', 400],
    ['no version of it', { SignatureVersion: undefined }, 'MissingSignatureVersion', 400],
    ['another version of it', { SignatureVersion: '2.0' }, 'InvalidSignatureMethod', 400],
    ['a bearer token', { SignatureType: 'BEARERTOKEN' }, 'NotImplemented', 501],
    ['no nonce', { SignatureNonce: undefined }, 'MissingSignatureNonce', 400],
    ['no timestamp', { Timestamp: undefined }, 'MissingTimestamp', 400],
    ['no date', { Timestamp: 'now' }, 'InvalidTimeStamp.Format', 400],
    [
      'a date with a zone',
      { Timestamp: '2030-01-01T00:00:00+08:00' },
      'InvalidTimeStamp.Format',
      400,
    ],
    [
      'the 45th of the month',
      { Timestamp: '2030-01-45T00:00:00Z' },
      'InvalidTimeStamp.Format',
      400,
    ],
    [
      "a token for a user's pair",
      { SecurityToken: 'x' },
      'InvalidSecurityToken.MismatchWithAccessKey',
      400,
    ],
    ['no action', { Action: undefined }, 'MissingAction', 400],
    ['an unknown action', { Action: 'AssumeRolle' }, 'InvalidAction.NotFound', 404],
    ['an inherited name for an action', { Action: 'constructor' }, 'InvalidAction.NotFound', 404],
    ['an action only the cloud has', { Action: 'AssumeRoleWithSAML' }, 'NotImplemented', 501],
    ['no version', { Version: undefined }, 'MissingVersion', 400],
    ['an unknown version', { Version: '2014-01-01' }, 'InvalidVersion', 400],
    ['another mPaaS action', { Version: '2020-10-28' }, 'NotImplemented', 501],
  ])('is refused with %s', async (_, tamper, Code, status) => {
    const headers = { ...FORM, accept: 'application/json' };
    expect(await refusalIn(post(rpc(ALICE, {}, tamper), headers))).toMatchObject({ Code, status });
  });

  it('is refused the second time', async () => {
    const body = rpc();
    expect((await post(body)).status).toBe(200);
    expect((await refusalIn(post(body))).Code).toBe('SignatureNonceUsed');
  });

  it('does not use its nonce up when it is refused', async () => {
    await post(rpc(ALICE, {}, { Signature: 'AAAA' }));
    expect((await post(rpc())).status).toBe(200);
  });

  it('is granted up to 15 minutes from the date, either way', async () => {
    const at = (offsetMs: number) =>
      post(rpc(ALICE, { Timestamp: timestamp(offsetMs), SignatureNonce: String(offsetMs) }));
    const minute = 60_000;
    expect((await at(-14 * minute)).status).toBe(200);
    expect((await at(15 * minute)).status).toBe(200);
    expect((await refusalIn(at(-16 * minute))).Code).toBe('InvalidTimeStamp.Expired');
    expect((await refusalIn(at(16 * minute))).Code).toBe('InvalidTimeStamp.Expired');
  });

  it('is refused with the token missing, cut, of another key, or expired', async () => {
    const key = account.keyOf('caller');
    const other = account.keyOf('caller').securityToken;
    const code = async (securityToken: string | undefined) =>
      (await refusalIn(post(rpc({ ...key, securityToken })))).Code;
    expect(await code(undefined)).toBe('MissingSecurityToken');
    expect(await code('garbage')).toBe('InvalidSecurityToken.Malformed');
    expect(await code(key.securityToken.slice(0, -1))).toMatch(/^InvalidSecurityToken\./);
    expect(await code(other)).toBe('InvalidSecurityToken.MismatchWithAccessKey');
    expect((await post(rpc(key))).status).toBe(200);
    await account.clock.advance(3_600_000);
    expect(await code(key.securityToken)).toBe('InvalidSecurityToken.Expired');
  });

  it('cannot name its action outside the signed part', async () => {
    const body = rpc(ALICE, { Action: undefined });
    const headers = { ...FORM, 'x-acs-action': 'GetCallerIdentity' };
    expect((await refusalIn(post(body, headers))).Code).toBe('MissingAction');
  });
});
