import { expect, it } from 'vitest';
import { ecsRamRole } from '#src/credentials/ecs-ram-role';
import { oddServer } from '#test/odd-server';

const whole = {
  Code: 'Success',
  AccessKeyId: 'STS.a',
  AccessKeySecret: 'do-not-print-me',
  SecurityToken: 'token-of-the-source',
  Expiration: '2999-01-01T00:00:00Z',
};

it('a blank role name counts as none', async () => {
  const paths: string[] = [];
  const endpoint = await oddServer((request, response) => {
    paths.push(request.url ?? '');
    if (request.url?.endsWith('/the-role')) return response.end(JSON.stringify(whole));
    return response.end('the-role');
  });
  await ecsRamRole({ endpoint, roleName: '' }).getCredentials();
  expect(paths.at(-1)).toBe('/latest/meta-data/ram/security-credentials/the-role');
});

it.each(['', '\n', '<html>no</html>', 'a role', 'x'.repeat(65)])(
  'reads no role from a list that has none: %j',
  async (listing) => {
    const endpoint = await oddServer((request, response) =>
      response.end(request.method === 'PUT' ? 'session-token' : listing || '\n'),
    );
    await expect(ecsRamRole({ endpoint }).getCredentials()).rejects.toMatchObject({
      code: 'CredentialsUnavailable',
      message: expect.stringContaining('lists no role'),
    });
  },
);
