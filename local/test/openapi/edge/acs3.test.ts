import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '#src/openapi/signature/acs3';
import { ALICE, jsonOf, startAccount, type TestAccount } from '#test/openapi/account';
import { callsTo, type Key, refusalIn, type Values } from './signed-calls.ts';

let account: TestAccount;
beforeEach(async () => {
  account = await startAccount();
});
afterEach(() => account.server.close());

const { acs3, call, timestamp } = callsTo(() => account);

describe('a request signed with ACS3', () => {
  it('is granted', async () => {
    const response = await call(acs3());
    expect([response.status, (await jsonOf(response)).IdentityType]).toEqual([200, 'RAMUser']);
  });

  const good = 'a'.repeat(64);
  it.each<[string, Values, string]>([
    ['garbage', { authorization: 'garbage' }, 'IncompleteSignature'],
    ['Basic', { authorization: 'Basic eDp5' }, 'IncompleteSignature'],
    ['the name alone', { authorization: 'ACS3-HMAC-SHA256' }, 'IncompleteSignature'],
    [
      'no SignedHeaders',
      { authorization: `ACS3-HMAC-SHA256 Credential=LTAI-alice,Signature=${good}` },
      'IncompleteSignature',
    ],
    [
      'a header not signed',
      {
        authorization: `ACS3-HMAC-SHA256 Credential=LTAI-alice,SignedHeaders=host,Signature=${good}`,
      },
      'IncompleteSignature',
    ],
    ['another algorithm', { authorization: 'ACS3-HMAC-SM3 x' }, 'InvalidSignatureMethod'],
    ['a header added', { 'x-acs-extra': '1' }, 'IncompleteSignature'],
    ['another date', { 'x-acs-date': '2030-01-01T00:00:00Z' }, 'InvalidTimeStamp.Expired'],
    ['another nonce', { 'x-acs-signature-nonce': 'other' }, 'SignatureDoesNotMatch'],
    ['the hash of another body', { 'x-acs-content-sha256': sha256('x') }, 'SignatureDoesNotMatch'],
    ['no hash', { 'x-acs-content-sha256': undefined }, 'MissingContentSha256'],
    ['no date', { 'x-acs-date': undefined }, 'MissingTimestamp'],
    ['no nonce', { 'x-acs-signature-nonce': undefined }, 'MissingSignatureNonce'],
    ['no action', { 'x-acs-action': undefined }, 'MissingAction'],
  ])('is refused with %s', async (_, tamper, Code) => {
    expect((await refusalIn(call(acs3(ALICE, {}, tamper)))).Code).toBe(Code);
  });

  it('is refused the second time, out of date, for an unknown key or with a wrong secret', async () => {
    const headers = acs3();
    expect((await call(headers)).status).toBe(200);
    expect((await refusalIn(call(headers))).Code).toBe('SignatureNonceUsed');
    const code = async (key: Key, change: Values = {}) =>
      (await refusalIn(call(acs3(key, { 'x-acs-signature-nonce': 'n', ...change })))).Code;
    expect(await code(ALICE, { 'x-acs-date': timestamp(-16 * 60_000) })).toBe(
      'InvalidTimeStamp.Expired',
    );
    expect(await code({ ...ALICE, accessKeyId: 'LTAI-no' })).toBe('InvalidAccessKeyId.NotFound');
    expect(await code({ ...ALICE, accessKeySecret: 'no' })).toBe('SignatureDoesNotMatch');
  });

  it('is refused with the token missing or expired', async () => {
    const key = account.keyOf('caller');
    expect((await refusalIn(call(acs3({ ...key, securityToken: undefined })))).Code).toBe(
      'MissingSecurityToken',
    );
    expect((await call(acs3(key))).status).toBe(200);
    await account.clock.advance(3_600_000);
    expect((await refusalIn(call(acs3(key)))).Code).toBe('InvalidSecurityToken.Expired');
  });
});
