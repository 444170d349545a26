import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childText } from '#src/xml/children';
import { parseXml } from '#src/xml/parse';
import { ALICE, roleArn, startAccount, type TestAccount } from '#test/openapi/account';
import { callsTo } from './signed-calls.ts';

let account: TestAccount;
beforeEach(async () => {
  account = await startAccount();
});
afterEach(() => account.server.close());

const { post, rpc } = callsTo(() => account);

describe('the answer', () => {
  const read = (text: string) => parseXml(Buffer.from(text));

  it('is XML unless JSON is asked for', async () => {
    const response = await post(rpc(ALICE, { Format: undefined }));
    expect(response.headers.get('content-type')).toBe('text/xml;charset=utf-8');
    const answer = read(await response.text());
    expect(answer.name).toBe('GetCallerIdentityResponse');
    expect(childText(answer, 'IdentityType')).toBe('RAMUser');
    expect(childText(answer, 'RequestId')).toBe(response.headers.get('x-acs-request-id'));
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
    const { name, children } = read(await xml.text());
    expect(name).toBe('Error');
    expect(Object.fromEntries(children.map((child) => [child.name, child.text]))).toEqual(error);
  });

  it('is well-formed XML whatever is echoed in it', async () => {
    const wrong = {
      Action: 'AssumeRole',
      Format: 'XML',
      RoleArn: roleArn('target'),
      RoleSessionName: '</Message>&\u0001\uFFFF',
    };
    const error = read(await (await post(rpc(ALICE, wrong))).text());
    expect(childText(error, 'Code')).toBe('InvalidParameter.RoleSessionName');
    expect(childText(error, 'Message')).toContain('</Message>&??');
  });

  it('never shows a secret or a token', async () => {
    const key = account.keyOf('caller');
    const text = await (await post(rpc({ ...key, accessKeySecret: 'wrong' }))).text();
    expect(text).toContain('SignatureDoesNotMatch');
    expect(text).not.toContain(key.accessKeySecret);
    expect(text).not.toContain(key.securityToken);
  });
});
