import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { DrivenClock, startTestCloud } from 'fc-local/testing';
import { expect, it, onTestFinished } from 'vitest';
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

/** Passes bytes to a server, until its connections are cut. */
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
  const clock = new DrivenClock();
  const queues = [{ name: 'orders' }];
  const buckets = [{ name: 'archive', acl: 'private' }] as const;
  const cloud = await startTestCloud({ clock, resources: { queues, buckets: [...buckets] } });
  onTestFinished(() => cloud.close());
  const { accountId, region } = cloud;
  const proxies = [await proxyTo(cloud.smq.url), await proxyTo(cloud.oss.url)] as const;

  const role = cloud.role('function-role');
  role.allow('mns:*', 'oss:*');
  const credentials = role.credentials(3600);
  const { runtime } = await startFixture({
    clock,
    accountId,
    region,
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
  expect(cloud.queue('orders').messages()).toHaveLength(3);
  expect(Object.keys(await cloud.bucket('archive').objects())).toHaveLength(3);
});
