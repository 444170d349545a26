import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const SMQ = '@alicloud/mns';
const OSS = 'ali-oss';

/** Which of the SDKs this thread has loaded. */
function loaded(): string[] {
  const files = Object.keys(createRequire(import.meta.url).cache);
  return [SMQ, OSS].filter((name) => files.some((file) => file.includes(`node_modules/${name}/`)));
}

describe('importing a helper', () => {
  it('loads no SDK; the first request loads its own and not the other', async () => {
    const { SmqClient } = await import('#src/smq/client');
    const { OssClient } = await import('#src/oss/bucket/client');
    expect(loaded()).toEqual([]);

    const credentials = { accessKeyId: 'id', accessKeySecret: 'secret' };
    const region = 'cn-hangzhou';
    const closed = 'http://127.0.0.1:1';
    const env = { SMQ_ENDPOINT: closed, OSS_ENDPOINT: closed };
    const smq = new SmqClient({ accountId: '1', region, credentials, env });
    const oss = new OssClient({ bucket: 'bucket', region, credentials, env });
    expect(loaded()).toEqual([]);

    await expect(smq.queue('orders').send('x')).rejects.toThrow('ECONNREFUSED');
    expect(loaded()).toEqual([SMQ]);
    await expect(oss.deleteObject('key')).rejects.toThrow('ECONNREFUSED');
    expect(loaded()).toEqual([SMQ, OSS]);
  });

  for (const [helper, own, other] of [
    ['smq', SMQ, OSS],
    ['oss', OSS, SMQ],
  ] as const) {
    it(`bundles only its own SDK: ${helper}`, async () => {
      const client = fileURLToPath(new URL(`../src/${helper}/index.ts`, import.meta.url));
      const { metafile } = await build({
        entryPoints: [client],
        bundle: true,
        write: false,
        metafile: true,
        platform: 'node',
        format: 'cjs',
        external: ['proxy-agent'],
        logLevel: 'silent',
      });
      const inputs = Object.keys(metafile.inputs).join('\n');
      expect(inputs).toContain(`node_modules/${own}/`);
      expect(inputs).not.toContain(`node_modules/${other}/`);
    });
  }
});
