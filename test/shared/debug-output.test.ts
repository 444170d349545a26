import { expect, it, vi } from 'vitest';
import { OssClient } from '#shared/oss/client';
import { SmqClient } from '#shared/smq/client';
import { oddServer } from './odd-server.ts';

it('DEBUG=* prints no credential of a request', async () => {
  vi.stubEnv('DEBUG', '*');
  const printed: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    printed.push(String(chunk));
    return true;
  });
  const authorizations: string[] = [];
  const endpoint = await oddServer((request, response) => {
    authorizations.push(String(request.headers.authorization));
    response.writeHead(500).end();
  });
  const region = 'cn-hangzhou';
  const credentials = {
    accessKeyId: 'an-access-key-id',
    accessKeySecret: 'an-access-key-secret',
    securityToken: 'a-security-token',
  };
  const env = { SMQ_ENDPOINT: endpoint, OSS_ENDPOINT: endpoint };
  const smq = new SmqClient({ accountId: '1', region, credentials, env });
  const oss = new OssClient({ bucket: 'bucket', region, credentials, env });
  await expect(smq.queue('orders').send('x')).rejects.toThrow();
  await expect(oss.putObject('key', 'x')).rejects.toThrow();
  await expect(oss.putObject('key', 'y')).rejects.toThrow();
  expect(process.env.DEBUG).toBe('*,-mns:client,-httpx:*,-ali-oss,-ali-oss:*');
  vi.restoreAllMocks();
  vi.unstubAllEnvs();

  const output = printed.join('');
  expect(authorizations).toHaveLength(3);
  for (const secret of [...authorizations, credentials.securityToken, 'an-access-key-secret'])
    expect(output).not.toContain(secret);
});
