import OpenApiClient, { $OpenApiUtil } from '@alicloud/openapi-core';
import { RuntimeOptions } from '@darabonba/typescript';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccessKey } from '#src/identities/types';
import type { OpenApiOptions } from '#src/openapi/server';
import {
  OWNER,
  refusalOf,
  type SdkKey,
  sdkConfig,
  startAccount,
  type TestAccount,
} from '#test/openapi/account';

let account: TestAccount;
afterEach(() => account.server.close());

const start = async (options: Partial<OpenApiOptions> = {}) => {
  account = await startAccount(options);
};

const APP = { AppId: 'app-1', WorkspaceId: 'default', TenantId: 'tenant' };

function query(key: SdkKey, body: object = APP): Promise<{ body: object }> {
  const client = new OpenApiClient(sdkConfig(account, key));
  const params = new $OpenApiUtil.Params({
    action: 'QueryMcubeVhost',
    version: '2020-10-28',
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  return client.callApi(
    params,
    new $OpenApiUtil.OpenApiRequest({ body }),
    new RuntimeOptions({}),
  ) as Promise<{ body: object }>;
}

/** Issues a key as for a function: a session of a role that may call mPaaS. */
function session(actions: string[]): AccessKey {
  account.identities.defineRole({
    name: 'mpaas',
    trust: {
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'fc.aliyuncs.com' } },
      ],
    },
    policies: actions.map((action) => ({
      name: action,
      document: {
        Version: '1',
        Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
      },
    })),
  });
  return account.keyOf('mpaas');
}

describe('QueryMcubeVhost with the official OpenAPI core (ACS3)', () => {
  it('answers the virtual host of an app', async () => {
    await start();
    const { body } = await query(session(['mpaas:QueryMcubeVhost']));
    expect(body).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      ResultCode: 'OK',
      ResultMessage: '',
      QueryVhostResult: { Data: 'h5.example.com', ResultMsg: '', Success: true },
    });
  });

  it('answers in camelCase where asked to', async () => {
    await start({ mpaas: { vhosts: { 'app-1': 'h5.example.com' }, camelCase: true } });
    const { body } = await query(OWNER);
    expect(body).toEqual({
      requestId: expect.any(String),
      resultCode: 'OK',
      resultMessage: '',
      queryVhostResult: { data: 'h5.example.com', resultMsg: '', success: true },
    });
  });

  it.each(['app-2', 'constructor'])('says of app %s that it has none', async (AppId) => {
    await start();
    const { body } = await query(OWNER, { ...APP, AppId });
    expect(body).toMatchObject({
      ResultCode: 'OK',
      QueryVhostResult: { Success: false, ResultMsg: `No virtual host for app ${AppId}` },
    });
  });

  it.each(['AppId', 'WorkspaceId', 'TenantId'])('says that %s is missing', async (name) => {
    await start();
    const { body } = await query(OWNER, { ...APP, [name]: undefined });
    expect(body).toMatchObject({
      ResultCode: 'PARAM_MISSING',
      ResultMessage: `${name} is required`,
      QueryVhostResult: { Success: false },
    });
  });

  it('is refused without the permission, which the message names', async () => {
    await start();
    expect(await refusalOf(query(session(['mpaas:ListMdsUpgradePackages'])))).toMatchObject({
      code: 'NoPermission',
      statusCode: 403,
      message: expect.stringContaining('mpaas:QueryMcubeVhost on acs:mpaas:cn-hangzhou:'),
    });
  });

  it('is refused with no token, and with one that no one has', async () => {
    await start();
    const key = session(['mpaas:*']);
    const { securityToken: _, ...withoutToken } = key;
    expect((await refusalOf(query(withoutToken))).code).toBe('MissingSecurityToken');
    account.identities.defineUser({
      name: 'bob',
      accessKeyId: 'LTAI-bob',
      accessKeySecret: 'x',
      policies: [],
    });
    const wrong = { accessKeyId: 'LTAI-bob', accessKeySecret: 'x', securityToken: 'CAIS' };
    expect((await refusalOf(query(wrong))).code).toBe('InvalidSecurityToken.MismatchWithAccessKey');
  });
});
