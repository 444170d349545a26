import { $OpenApiUtil } from '@alicloud/openapi-core';
import { DrivenClock } from '#src/clock';
import { Identities } from '#src/identities/identities';
import { type OidcIssuer, oidcIssuer } from '#src/identities/oidc/issuer';
import type { AccessKey } from '#src/identities/types';
import { type OpenApiOptions, type OpenApiServer, startOpenApi } from '#src/openapi/server';

export const ACCOUNT = '1000000000000001';
export const OWNER = { accessKeyId: 'LTAI-owner', accessKeySecret: 'owner-secret' };
export const ALICE = { accessKeyId: 'LTAI-alice', accessKeySecret: 'alice-secret' };
export const PROVIDER_ARN = `acs:ram::${ACCOUNT}:oidc-provider/idp`;

export const roleArn = (name: string) => `acs:ram::${ACCOUNT}:role/${name}`;

export const allow = (...actions: string[]) => ({
  name: 'some',
  document: { Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
});

export const trust = (principal: object, condition?: object) => ({
  Version: '1',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: principal,
      ...(condition && { Condition: condition }),
    },
  ],
});

export interface TestAccount {
  clock: DrivenClock;
  identities: Identities;
  issuer: OidcIssuer;
  server: OpenApiServer;
  /** Returns a key of that role, issued to FC for an hour. */
  keyOf(role: string): AccessKey & { securityToken: string };
  /** Host and port, as SDKs expect an endpoint. */
  endpoint: string;
}

const issuer = oidcIssuer();

/**
 * Starts an account with a gateway: user alice, who may assume roles; `caller`, a function's role
 * that may too; `target`, which trusts the account; `pod`, which trusts an identity provider;
 * `instance`, attached to the machine.
 */
export async function startAccount(options: Partial<OpenApiOptions> = {}): Promise<TestAccount> {
  const clock = new DrivenClock();
  const identities = new Identities({ clock, accountId: ACCOUNT, ...OWNER });
  const fc = trust({ Service: 'fc.aliyuncs.com' });
  const account = trust({ RAM: `acs:ram::${ACCOUNT}:root` });
  identities.defineUser({ name: 'alice', ...ALICE, policies: [allow('sts:AssumeRole')] });
  identities.defineRole({ name: 'caller', trust: fc, policies: [allow('sts:AssumeRole')] });
  identities.defineRole({ name: 'bare', trust: fc, policies: [] });
  identities.defineRole({
    name: 'target',
    trust: account,
    policies: [allow('mpaas:QueryMcubeVhost', 'oss:*', 'sts:AssumeRole')],
    maxSessionDuration: 7200,
  });
  identities.defineOidcProvider({
    name: 'idp',
    issuer: issuer.issuer,
    clientIds: ['sts.aliyuncs.com'],
    keys: [issuer.jwk],
  });
  identities.defineRole({
    name: 'pod',
    trust: trust({ Federated: PROVIDER_ARN }, { StringEquals: { 'oidc:sub': 'pod-1' } }),
    policies: [],
  });
  identities.defineRole({
    name: 'instance',
    trust: trust({ Service: 'ecs.aliyuncs.com' }),
    policies: [],
  });
  const server = await startOpenApi({
    clock,
    identities,
    region: 'cn-hangzhou',
    instanceRole: 'instance',
    mpaas: { vhosts: { 'app-1': 'h5.example.com' } },
    ...options,
  });
  return {
    clock,
    identities,
    issuer,
    server,
    endpoint: `127.0.0.1:${server.port}`,
    keyOf(role) {
      const { accessKeyId, securityToken } = identities.assumeRole({
        role,
        sessionName: 'run-1',
        durationSeconds: 3600,
        by: { service: 'fc.aliyuncs.com' },
      });
      const key = identities.findAccessKey(accessKeyId);
      if (!key) throw new Error('The key just issued is not found');
      return { ...key, securityToken };
    },
  };
}

/** A key in the form that SDKs take. */
export interface SdkKey {
  accessKeyId?: string | undefined;
  accessKeySecret?: string | undefined;
  securityToken?: string | undefined;
}

/** Returns the configuration of an official client that reaches the gateway over HTTP. */
export function sdkConfig(
  { endpoint }: TestAccount,
  { accessKeyId, accessKeySecret, securityToken }: SdkKey,
): $OpenApiUtil.Config {
  return new $OpenApiUtil.Config({
    accessKeyId,
    accessKeySecret,
    securityToken,
    endpoint,
    protocol: 'http',
  });
}

/** Returns the fields of an SDK's error that tests check. */
export async function refusalOf(call: Promise<unknown>): Promise<{
  code?: string;
  statusCode?: number;
  status?: number;
  message: string;
  data?: object;
}> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('The call was granted');
}

/** Parses a response as a JSON object. */
export async function jsonOf(response: Response): Promise<Record<string, string>> {
  return (await response.json()) as Record<string, string>;
}
