import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const SMQ = '@alicloud/mns';
const OSS = 'ali-oss';
const FC = '@alicloud/fc2';
const OPENAPI = '@alicloud/openapi-core';
const SDKS = [SMQ, OSS, FC, OPENAPI];

/** The SDKs that a bundle of each entry holds; importing the entry loads none of them. */
const ENTRIES: Record<string, string[]> = {
  handler: [],
  events: [],
  schema: [],
  smq: [SMQ],
  oss: [OSS, OPENAPI], // an upload grant's credential comes from STS
  consume: [],
  publish: [],
  idempotency: [],
  credentials: [OPENAPI],
  openapi: [OPENAPI],
  fc: [OSS, FC], // @alicloud/fc2 itself depends on ali-oss
};

const SRC = fileURLToPath(new URL('../src/', import.meta.url));

/** Returns which of the SDKs this thread has loaded. */
function loaded(): string[] {
  const files = Object.keys(createRequire(import.meta.url).cache);
  return SDKS.filter((name) => files.some((file) => file.includes(`node_modules/${name}/`)));
}

it('lists every entry', () => {
  const exported = Object.keys(createRequire(import.meta.url)('../package.json').exports);
  const entries = exported.filter((name) => name !== './package.json');
  expect(entries.map((name) => name.slice(2)).toSorted()).toEqual(Object.keys(ENTRIES).toSorted());
  const folders = readdirSync(SRC, { recursive: true }).map((file) => String(file));
  const indexes = folders.filter((file) => /^[^/\\]+[/\\]index\.ts$/.test(file));
  expect(indexes.map((file) => file.split(/[/\\]/)[0]).toSorted()).toEqual(
    Object.keys(ENTRIES).toSorted(),
  );
});

describe('importing an entry', () => {
  it('loads no SDK; the first request loads its own and not the other', async () => {
    for (const entry of Object.keys(ENTRIES)) {
      await import(`../src/${entry}/index.ts`);
      expect([entry, loaded()]).toEqual([entry, []]);
    }
    const { SmqClient } = await import('#src/smq/client');
    const { OssClient } = await import('#src/oss/bucket/client');

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

  it.each(Object.entries(ENTRIES))('bundles only its own SDK: %s', async (entry, own) => {
    const { metafile } = await build({
      entryPoints: [`${SRC}${entry}/index.ts`],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'cjs',
      external: ['proxy-agent'],
      logLevel: 'silent',
    });
    const inputs = Object.keys(metafile.inputs).join('\n');
    expect(SDKS.filter((name) => inputs.includes(`node_modules/${name}/`))).toEqual(own);
  });
});
