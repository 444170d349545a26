import { oidcIssuer } from 'fc-local/testing';
import type { CredentialsProvider } from '#src/auth/credentials';
import { getCallerIdentity } from '#src/openapi/sts';
import { OssClient } from '#src/oss/bucket/client';
import { SmqClient } from '#src/smq/client';
import { ACCOUNT, localAccount, REGION } from '#test/local-account';

export { ACCOUNT, REGION } from '#test/local-account';
export const ADMIN = { accessKeyId: 'LTAI-admin', accessKeySecret: 'admin-secret' };
export const PROVIDER_ARN = `acs:ram::${ACCOUNT}:oidc-provider/idp`;
export const roleArn = (name: string) => `acs:ram::${ACCOUNT}:role/${name}`;

const issuer = oidcIssuer();

const allow = (...actions: string[]) => ({
  name: 'some',
  document: { Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
});

const trust = (...principals: object[]) => ({
  Version: '1',
  Statement: principals.map((Principal) => ({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal,
  })),
});

const THE_ACCOUNT = { RAM: [`acs:ram::${ACCOUNT}:root`] };
const FC = { Service: ['fc.aliyuncs.com'] };
const ECS = { Service: ['ecs.aliyuncs.com'] };

/**
 * Starts an account with STS, metadata service, OSS and SMQ, on which a credential is tried out: user
 * admin, who may do everything; role `worker`, which may use OSS and SMQ and trusts the account, FC, ECS
 * and an identity provider; `caller`, a function's role that may assume roles; `target`, which trusts the
 * account; `instance`, which trusts only ECS.
 */
export async function workingAccount() {
  const { cloud, clock } = await localAccount({
    resources: {
      queues: [{ name: 'jobs' }],
      buckets: [{ name: 'photos', acl: 'private' }],
      users: [{ name: 'admin', ...ADMIN, policies: [allow('*')] }],
      oidcProviders: [
        {
          name: 'idp',
          issuer: issuer.issuer,
          clientIds: ['sts.aliyuncs.com'],
          keys: [issuer.jwk],
        },
      ],
      roles: [
        {
          name: 'worker',
          trust: trust(THE_ACCOUNT, FC, ECS, { Federated: [PROVIDER_ARN] }),
          policies: [allow('oss:*', 'mns:*', 'sts:AssumeRole')],
          maxSessionDuration: 43_200,
        },
        { name: 'caller', trust: trust(FC), policies: [allow('sts:AssumeRole')] },
        { name: 'target', trust: trust(THE_ACCOUNT), policies: [], maxSessionDuration: 7200 },
        { name: 'instance', trust: trust(ECS), policies: [] },
      ],
      instanceRole: 'worker',
    },
  });
  const env = cloud.environment;

  /** Uses the credential for OSS, SMQ and an OpenAPI, through the real SDKs. Resolves to the identity it belongs to. */
  const use = async (credentials: CredentialsProvider): Promise<string> => {
    const bucket = new OssClient({ bucket: 'photos', region: REGION, credentials, env });
    const smqClient = new SmqClient({ accountId: ACCOUNT, region: REGION, credentials, env });
    await bucket.putObject('in/a.txt', 'text');
    await smqClient.queue('jobs').send('job');
    const current = await credentials.getCredentials();
    return (await getCallerIdentity({ region: REGION, env, credentials: current })).arn;
  };
  /** Returns a credential of that role, as FC gets it. */
  const keyOf = (role: string) => cloud.role(role).credentials();
  return { clock, issuer, server: cloud.openapi, env, keyOf, use };
}
