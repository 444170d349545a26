import { expect, it, vi } from 'vitest';
import { FunctionClient } from '#src/fc/client';
import { getCallerIdentity } from '#src/openapi/sts';
import { OssClient } from '#src/oss/bucket/client';
import { SmqClient } from '#src/smq/client';
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
    response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
  });
  const region = 'cn-hangzhou';
  const credentials = {
    accessKeyId: 'an-access-key-id',
    accessKeySecret: 'an-access-key-secret',
    securityToken: 'a-security-token',
  };
  const env = {
    STS_ENDPOINT: endpoint,
    FUNCTION_ENDPOINT: endpoint,
    SMQ_ENDPOINT: endpoint,
    OSS_ENDPOINT: endpoint,
  };
  const at = { accountId: '1', region, credentials, env };
  const smq = new SmqClient(at);
  const oss = new OssClient({ ...at, bucket: 'bucket' });
  // Each SDK brings other libraries with it: whichever is loaded first must not unmute the next.
  await expect(getCallerIdentity(at)).rejects.toThrow();
  await expect(new FunctionClient(at).invoke('service/function', 'x')).rejects.toThrow();
  await expect(smq.queue('orders').send('x')).rejects.toThrow();
  await expect(oss.putObject('key', 'x')).rejects.toThrow();
  await expect(oss.putObject('key', 'y')).rejects.toThrow();
  expect(process.env.DEBUG).toBe('*,-ali-oss,-ali-oss:*,-httpx:*,-lambda,-mns:client');
  vi.restoreAllMocks();
  vi.unstubAllEnvs();

  const output = printed.join('');
  expect(authorizations).toHaveLength(5);
  for (const secret of [...authorizations, credentials.securityToken, 'an-access-key-secret'])
    expect(output).not.toContain(secret);
});
