import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';

const S_YAML = `edition: 3.0.0
name: hello
access: default
resources:
  hello:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: hello
      runtime: nodejs20
      handler: index.handler
      code: ./code
`;

/**
 * Returns which environments a cloud opens, and whether each of their transactions is flushed to
 * the disk.
 */
async function opened(sync: boolean): Promise<Record<string, boolean | undefined>> {
  const project = await mkdtemp(join(tmpdir(), 'sync-'));
  onTestFinished(() => rm(project, { recursive: true }));
  await mkdir(join(project, 'code'));
  await writeFile(join(project, 'code/index.js'), 'exports.handler = async () => "hello";');
  await writeFile(join(project, 's.yaml'), S_YAML);
  const data = join(project, 'data');
  const found: Record<string, boolean | undefined> = {};
  // Modules are loaded again, so that the one that records it is the one that opens.
  vi.resetModules();
  vi.doMock('#src/data/lmdb', async (importActual) => {
    const actual = await importActual<typeof import('#src/data/lmdb')>();
    return {
      ...actual,
      openEnvironment: (path: string, options: Parameters<typeof actual.openEnvironment>[1]) => {
        found[relative(data, path)] = options.sync;
        return actual.openEnvironment(path, options);
      },
    };
  });
  onTestFinished(() => {
    vi.doUnmock('#src/data/lmdb');
    vi.resetModules();
  });
  const { startLocalCloud } = await import('#src/main');
  const ports = { smqPort: 0, ossPort: 0, openapiPort: 0, fcPort: 0 };
  const cloud = await startLocalCloud({ project, data, sync, ...ports });
  await cloud.close();
  return found;
}

it('with --sync, messages, objects and asynchronous invocations are on the disk before they are acknowledged', async () => {
  expect(await opened(true)).toEqual({ smq: true, [join('oss', 'index')]: true, fc: true });
});

it('without it they are with the operating system', async () => {
  expect(await opened(false)).toEqual({ smq: false, [join('oss', 'index')]: false, fc: false });
});
