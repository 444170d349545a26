import { onTestFinished } from 'vitest';
import type { CredentialsProvider } from '#src/auth/credentials';
import { getCallerIdentity } from '#src/openapi/sts';
import { OssClient } from '#src/oss/bucket/client';
import { SmqClient } from '#src/smq/client';
import { ADMINISTRATOR_ACCESS } from '../../../local/src/identities/administrator-access.ts';
import { startOss } from '../../../local/src/oss/server.ts';
import { startSmq } from '../../../local/src/smq/server.ts';
import {
  ACCOUNT,
  allow,
  PROVIDER_ARN,
  startAccount,
  trust,
} from '../../../local/test/openapi/account.ts';

export const REGION = 'cn-hangzhou';
export const ADMIN = { accessKeyId: 'LTAI-admin', accessKeySecret: 'admin-secret' };
export const roleArn = (name: string) => `acs:ram::${ACCOUNT}:role/${name}`;

/**
 * An account with STS, metadata service, OSS and SMQ running, on which a credential is tried out:
 * user admin, who may do everything; role `worker`, which may use OSS and SMQ and is trusted by the
 * account, FC, ECS and an identity provider.
 */
export async function workingAccount() {
  const account = await startAccount({ instanceRole: 'worker' });
  const { identities, clock, server } = account;
  const services = { clock, authority: identities, region: REGION };
  const oss = await startOss(services);
  const smq = await startSmq(services);
  onTestFinished(async () => {
    for (const service of [server, oss, smq]) await service.close();
  });
  await oss.service.apply({ buckets: [{ name: 'photos', acl: 'private' }] });
  await smq.service.apply({ queues: [{ name: 'jobs' }] });
  identities.defineUser({ name: 'admin', ...ADMIN, policies: [ADMINISTRATOR_ACCESS] });
  identities.defineRole({
    name: 'worker',
    trust: {
      Version: '1',
      Statement: [
        { RAM: [`acs:ram::${ACCOUNT}:root`] },
        { Service: ['fc.aliyuncs.com', 'ecs.aliyuncs.com'] },
        { Federated: [PROVIDER_ARN] },
      ].flatMap((principal) => trust(principal).Statement),
    },
    policies: [allow('oss:*', 'mns:*', 'sts:AssumeRole')],
    maxSessionDuration: 43_200,
  });
  const env = { STS_ENDPOINT: server.url, OSS_ENDPOINT: oss.url, SMQ_ENDPOINT: smq.url };

  /** Uses the credential for OSS, SMQ and an OpenAPI, through the real SDKs; resolves to whose it is. */
  const use = async (credentials: CredentialsProvider): Promise<string> => {
    const bucket = new OssClient({ bucket: 'photos', region: REGION, credentials, env });
    const smqClient = new SmqClient({ accountId: ACCOUNT, region: REGION, credentials, env });
    await bucket.putObject('in/a.txt', 'text');
    await smqClient.queue('jobs').send('job');
    const current = await credentials.getCredentials();
    return (await getCallerIdentity({ region: REGION, env, credentials: current })).arn;
  };
  return { ...account, oss, smq, env, use };
}
