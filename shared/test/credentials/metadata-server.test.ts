import { Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ecsRamRole } from '#src/credentials/ecs-ram-role';
import { oddServer } from '#test/odd-server';

it('asks the metadata server of every ECS instance, unless another address is given', async () => {
  const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket) {
    process.nextTick(() => this.destroy(Object.assign(new Error('x'), { code: 'EHOSTUNREACH' })));
    return this;
  });
  onTestFinished(() => connect.mockRestore());
  await expect(ecsRamRole().getCredentials()).rejects.toMatchObject({
    message: expect.stringMatching(/could not be reached \(EHOSTUNREACH\)/),
  });
  const [[options]] = connect.mock.calls[0] as unknown as [[{ host: string; port: number }]];
  expect([options.host, options.port]).toEqual(['100.100.100.200', 80]);
});

it('asks for a session of a minute first, whose token goes with each further request', async () => {
  const asked: unknown[] = [];
  const endpoint = await oddServer(({ method, url, headers }, response) => {
    asked.push([method, url, headers['x-aliyun-ecs-metadata-token']]);
    if (method === 'PUT') asked.push(headers['x-aliyun-ecs-metadata-token-ttl-seconds']);
    if (method === 'PUT') return response.end('the-session\n');
    return response.end('a-role\n');
  });
  await expect(ecsRamRole({ endpoint }).getCredentials()).rejects.toMatchObject({
    message: expect.stringContaining('not a JSON object'),
  });
  const roles = '/latest/meta-data/ram/security-credentials/';
  expect(asked).toEqual([
    ['PUT', '/latest/api/token', undefined],
    '60',
    ['GET', roles, 'the-session'],
    ['GET', `${roles}a-role`, 'the-session'],
  ]);
});

it.each(['', 'two\nlines', '<html>log in</html>ü'])(
  'does not send on %j as a session token',
  async (session) => {
    let requests = 0;
    const endpoint = await oddServer((_request, response) => {
      requests++;
      response.end(session);
    });
    await expect(ecsRamRole({ endpoint }).getCredentials()).rejects.toMatchObject({
      code: 'CredentialsUnavailable',
      message: expect.stringMatching(/^The ECS metadata server answered no session token: .*proxy/),
    });
    expect(requests).toBe(1);
  },
);
