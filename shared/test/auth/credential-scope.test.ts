import { expect, it } from 'vitest';
import type { Credentials } from '#src/auth/credentials';
import { FunctionClient } from '#src/fc/client';
import { REDACTED, redact } from '#src/log/redact';
import { queryMcubeVhost } from '#src/openapi/mpaas';
import { assumeRole } from '#src/openapi/sts';
import { OssClient } from '#src/oss/bucket/client';
import { SmqClient } from '#src/smq/client';

const NOWHERE = 'http://127.0.0.1:1';
const at = {
  accountId: '1000000000000001',
  region: 'cn-hangzhou',
  env: {
    SMQ_ENDPOINT: NOWHERE,
    OSS_ENDPOINT: NOWHERE,
    STS_ENDPOINT: NOWHERE,
    MPAAS_ENDPOINT: NOWHERE,
    FUNCTION_ENDPOINT: NOWHERE,
  },
};
const query = { appId: 'app', workspaceId: 'workspace', tenantId: 'tenant' };
const USES: Record<string, (credentials: Credentials) => Promise<unknown>> = {
  SMQ: (credentials) => new SmqClient({ ...at, credentials }).queue('orders').send('x'),
  OSS: (credentials) => new OssClient({ ...at, bucket: 'photos', credentials }).getObject('k'),
  STS: (credentials) => assumeRole({ ...at, roleArn: 'acs:ram::1:role/r', credentials }),
  mPaaS: (credentials) =>
    queryMcubeVhost(query, { ...at, credentials: { getCredentials: async () => credentials } }),
  'Function Compute': (credentials) => new FunctionClient({ ...at, credentials }).invoke('f', ''),
};

it.each(Object.keys(USES))('%s is not called with an incomplete credential', async (service) => {
  const use = USES[service] as (typeof USES)[string];
  await expect(use({ accessKeyId: 'an-id', accessKeySecret: '' })).rejects.toMatchObject({
    name: 'CredentialsError',
    code: 'MissingCredentials',
    message: 'Credential lacks accessKeySecret: give every one of them',
  });
  await expect(use({ accessKeyId: ' ', accessKeySecret: '' })).rejects.toMatchObject({
    code: 'MissingCredentials',
    message: expect.stringMatching(/^Credential lacks accessKeyId, accessKeySecret/),
  });
});

it.each(['SMQ', 'OSS', 'STS'])(
  'a secret given to %s alone is kept out of the logs',
  async (service) => {
    const accessKeySecret = `only-for-${service}`;
    const use = USES[service] as (typeof USES)[string];
    await expect(use({ accessKeyId: 'an-id', accessKeySecret })).rejects.toMatchObject({
      name: 'ServiceError',
    });
    expect(redact(`signed with ${accessKeySecret}`)).toBe(`signed with ${REDACTED}`);
  },
);
