import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { accessKey, accessKeyFile } from '#src/credentials/access-key';
import { custom } from '#src/credentials/custom';
import { parseCredentials } from '#src/credentials/fetch-credentials';
import { oidcRoleArn } from '#src/credentials/oidc-role-arn';
import { stsToken } from '#src/credentials/sts-token';
import { redact } from '#src/log/redact';

it('hides an STS token’s secret and security token in texts as soon as it is given', () => {
  stsToken({
    accessKeyId: 'STS.kept-in-sight',
    accessKeySecret: 'remembered-secret-5f1c',
    securityToken: 'remembered-token-77aa',
  });
  const text = redact('STS.kept-in-sight, remembered-secret-5f1c and remembered-token-77aa');
  expect(text).toContain('STS.kept-in-sight');
  expect(text).not.toMatch(/5f1c|77aa/);
});

it('hides the OIDC token of a file in texts, also when it cannot be exchanged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oidc-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const oidcTokenFile = join(folder, 'token');
  writeFileSync(oidcTokenFile, 'oidc-token-of-a-file-91be\n');
  const provider = oidcRoleArn({
    oidcTokenFile,
    oidcProviderArn: 'acs:ram::1:oidc-provider/ci',
    roleArn: 'acs:ram::1:role/ci',
    region: 'cn-hangzhou',
    env: { STS_ENDPOINT: 'http://127.0.0.1:1' },
  });
  await expect(provider.getCredentials()).rejects.toThrow();
  expect(redact('sent oidc-token-of-a-file-91be')).not.toContain('91be');
});

it.each<[string, (secret: string, folder: string) => unknown]>([
  ['a pair', (accessKeySecret) => accessKey({ accessKeyId: 'LTAIx', accessKeySecret })],
  [
    'a config.ini',
    (secret, folder) => {
      const path = join(folder, 'config.ini');
      const lines = [
        '[credentials]',
        'alibaba_cloud_access_key_id = LTAIx',
        `alibaba_cloud_access_key_secret = ${secret}`,
      ];
      writeFileSync(path, lines.join('\n'));
      return accessKeyFile(path).getCredentials();
    },
  ],
  [
    'a custom provider, though it is incomplete',
    (accessKeySecret) => custom(() => ({ accessKeyId: '', accessKeySecret })).getCredentials(),
  ],
  [
    'an address, though its id is broken',
    async (AccessKeySecret) =>
      parseCredentials(
        'The source',
        JSON.stringify({
          AccessKeyId: ' STS.a ',
          AccessKeySecret,
          SecurityToken: 'a-token-of-the-address',
          Expiration: '2999-01-01T00:00:00Z',
        }),
      ),
  ],
])('hides the secret of %s in texts', async (_, give) => {
  const folder = mkdtempSync(join(tmpdir(), 'remembered-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const secret = randomUUID(); // no other test has had it remembered
  expect(redact(`signed with ${secret}`)).toContain(secret);
  await Promise.resolve(give(secret, folder)).catch(() => {});
  expect(redact(`signed with ${secret}`)).not.toContain(secret);
});
