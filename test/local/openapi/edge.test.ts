import { request as httpRequest } from 'node:http';
import { XMLParser } from 'fast-xml-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256, signAcs3 } from '#local/openapi/signature/acs3';
import { signRpc } from '#local/openapi/signature/rpc';
import {
  ALICE,
  jsonOf,
  roleArn,
  startAccount,
  type TestAccount,
} from '#test/local/openapi/account';

let account: TestAccount;
beforeEach(async () => {
  account = await startAccount();
});
afterEach(() => account.server.close());

interface Key {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
}
type Values = Record<string, string | undefined>;

const timestamp = (offsetMs = 0) =>
  new Date(account.clock.now() + offsetMs).toISOString().replace(/\.\d{3}Z$/, 'Z');

const entries = (values: Values): [string, string][] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );

/** Parameters of a signed RPC call; `change` before signing, `tamper` after. */
function rpc(key: Key = ALICE, change: Values = {}, tamper: Values = {}, method = 'POST'): string {
  const parameters = {
    Action: 'GetCallerIdentity',
    Version: '2015-04-01',
    Format: 'JSON',
    AccessKeyId: key.accessKeyId,
    SecurityToken: key.securityToken,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: 'nonce-1',
    Timestamp: timestamp(),
    ...change,
  };
  const Signature = signRpc(key.accessKeySecret, method, entries(parameters));
  return new URLSearchParams(entries({ ...parameters, Signature, ...tamper })).toString();
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const post = (body: string, headers: Record<string, string> = FORM) =>
  fetch(account.server.url, { method: 'POST', headers, body });

/** Headers of a signed ACS3 call; `change` before signing, `tamper` after. */
function acs3(key: Key = ALICE, change: Values = {}, tamper: Values = {}): Record<string, string> {
  const headers = {
    host: account.endpoint,
    'x-acs-action': 'GetCallerIdentity',
    'x-acs-version': '2015-04-01',
    'x-acs-date': timestamp(),
    'x-acs-signature-nonce': 'nonce-1',
    'x-acs-content-sha256': sha256(''),
    'x-acs-security-token': key.securityToken,
    ...change,
  };
  const names = entries(headers)
    .map(([name]) => name)
    .sort();
  const request = { method: 'POST', path: '/', query: [], headers };
  const signature = signAcs3(key.accessKeySecret, request, names);
  const authorization = `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return Object.fromEntries(entries({ ...headers, authorization, ...tamper }));
}

const call = (headers: Record<string, string>) =>
  fetch(account.server.url, { method: 'POST', headers });

async function refusalIn(pending: Response | Promise<Response>) {
  const response = await pending;
  const { Code } = await jsonOf(response);
  return { status: response.status, Code };
}

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

  it('cannot name its action outside what is signed', async () => {
    const body = rpc(ALICE, { Action: undefined });
    const headers = { ...FORM, 'x-acs-action': 'GetCallerIdentity' };
    expect((await refusalIn(post(body, headers))).Code).toBe('MissingAction');
  });
});

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

describe('the answer', () => {
  const parser = new XMLParser({ parseTagValue: false });

  it('is XML unless JSON is asked for', async () => {
    const response = await post(rpc(ALICE, { Format: undefined }));
    expect(response.headers.get('content-type')).toBe('text/xml;charset=utf-8');
    const { GetCallerIdentityResponse } = parser.parse(await response.text());
    expect(GetCallerIdentityResponse.IdentityType).toBe('RAMUser');
    expect(GetCallerIdentityResponse.RequestId).toBe(response.headers.get('x-acs-request-id'));
  });

  it('is an error of five elements in either format', async () => {
    const error = {
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      HostId: account.endpoint,
      Code: 'EntityNotExist.Role',
      Message: expect.stringContaining('The role not exists'),
      Recommend: 'https://api.aliyun.com/troubleshoot?q=EntityNotExist.Role',
    };
    const wrong = {
      Action: 'AssumeRole',
      RoleArn: roleArn('nobody'),
      RoleSessionName: 'me',
    };
    const json = await post(rpc(ALICE, wrong));
    expect([json.status, await json.json()]).toEqual([404, error]);
    const xml = await post(rpc(ALICE, { ...wrong, Format: 'xml', SignatureNonce: 'nonce-2' }));
    expect(parser.parse(await xml.text()).Error).toEqual(error);
  });

  it('is well-formed XML whatever is echoed in it', async () => {
    const wrong = {
      Action: 'AssumeRole',
      Format: 'XML',
      RoleArn: roleArn('target'),
      RoleSessionName: '</Message>&\u0001\uFFFF',
    };
    const { Error: error } = parser.parse(await (await post(rpc(ALICE, wrong))).text());
    expect(error.Code).toBe('InvalidParameter.RoleSessionName');
    expect(error.Message).toContain('</Message>&??');
  });

  it('never shows a secret or a token', async () => {
    const key = account.keyOf('caller');
    const text = await (await post(rpc({ ...key, accessKeySecret: 'wrong' }))).text();
    expect(text).toContain('SignatureDoesNotMatch');
    expect(text).not.toContain(key.accessKeySecret);
    expect(text).not.toContain(key.securityToken);
  });
});

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
