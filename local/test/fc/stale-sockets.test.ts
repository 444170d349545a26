import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { startOss } from '#src/oss/server';
import { startSmq } from '#src/smq/server';
import { localAccount, REGION } from '../../../shared/test/local-account.ts';
import { startFixture, writeFunction } from './fixture.ts';

/** Keeps its clients for as long as the credential, as every handler does. */
const CODE = `
import { smqClient } from 'fc-kit/smq';
import { ossClient } from 'fc-kit/oss';
export const handler = async (event, context) => {
  await smqClient(context).queue('orders').send('order ' + event);
  await ossClient(context, { bucket: 'archive' }).putObject('order-' + event, Buffer.from('x'));
  return process.pid;
};`;

/** Passes bytes on to a server, until its connections are cut. */
async function proxyTo(url: string) {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    open: () => sockets.size / 2,
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}

it('a function whose connections were cut while it was frozen goes on after the thaw', async () => {
  const { clock, identities } = localAccount(['mns:*', 'oss:*']);
  const common = { clock, authority: identities, region: REGION };
  const [smq, oss] = await Promise.all([startSmq(common), startOss(common)]);
  onTestFinished(async () => void (await Promise.all([smq.close(), oss.close()])));
  await smq.service.apply({ queues: [{ name: 'orders' }] });
  await oss.service.apply({ buckets: [{ name: 'archive', acl: 'private' }] });
  const proxies = [await proxyTo(smq.url), await proxyTo(oss.url)] as const;

  const role = 'function-role';
  const credentials = identities.assumeRole({ role, sessionName: 'one', durationSeconds: 3600 });
  const { runtime } = await startFixture({
    clock,
    accountId: identities.accountId,
    region: REGION,
    environment: { SMQ_ENDPOINT: proxies[0].url, OSS_ENDPOINT: proxies[1].url },
    issueCredentials: () => credentials,
  });
  const fn = writeFunction('', { timeout: 60, memorySize: 512 });
  await build({
    stdin: { contents: CODE, resolveDir: import.meta.dirname, loader: 'ts' },
    conditions: ['fc-source'],
    outfile: join(fn.codeDir, 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['proxy-agent'],
    logLevel: 'silent',
  });
  await runtime.deploy(fn);

  const pids: string[] = [];
  for (const nth of ['1', '2', '3']) {
    const result = await runtime.invoke('sample', Buffer.from(nth));
    expect([result.errorType, result.body.toString()]).toEqual([undefined, expect.any(String)]);
    pids.push(result.body.toString());
    for (const proxy of proxies) {
      expect(proxy.open()).toBeGreaterThan(0);
      proxy.cut();
    }
  }
  expect(new Set(pids).size).toBe(1);
  const sent = smq.service.inspect('orders').map(({ body }) => body);
  expect(sent).toHaveLength(3);
  expect(oss.service.listObjects('archive')).toHaveLength(3);
});
