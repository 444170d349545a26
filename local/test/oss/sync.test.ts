import { mkdtemp, open, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BUCKET, send, type TestCloud } from './helpers.ts';

/** How the index was opened. */
const opened: { sync?: boolean }[] = [];

let folder: string;
let cloud: TestCloud;
/** Flushed paths within the data folder, in order. */
let flushed: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-sync-'));
  flushed = [];
  opened.length = 0;
  const probe = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(probe);
  await probe.close();
  for (const name of ['sync', 'datasync'] as const) {
    const actual: () => Promise<void> = prototype[name];
    vi.spyOn(prototype, name).mockImplementation(async function (this: { fd: number }) {
      const path = await readlink(`/proc/self/fd/${this.fd}`);
      await actual.call(this);
      flushed.push(path.slice(folder.length + 1).replaceAll(/[0-9a-f]{40}-[0-9a-f-]{36}/g, 'file'));
    });
  }
});
afterEach(async () => {
  await cloud.close();
  vi.restoreAllMocks();
  vi.doUnmock('#src/data/lmdb');
  vi.resetModules();
  await rm(folder, { recursive: true });
});

/**
 * Loads the modules again, so that the index is opened by the one that records it, whatever was
 * loaded before.
 */
async function start(sync: boolean): Promise<void> {
  vi.resetModules();
  vi.doMock('#src/data/lmdb', async (importActual) => {
    const actual = await importActual<typeof import('#src/data/lmdb')>();
    return {
      ...actual,
      openEnvironment: (path: string, options: Parameters<typeof actual.openEnvironment>[1]) => {
        opened.push(options);
        return actual.openEnvironment(path, options);
      },
    };
  });
  const { startTestCloud } = await import('./helpers.ts');
  cloud = await startTestCloud(folder, { sync });
  await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
  flushed = [];
}
const put = () => send(cloud, { method: 'PUT', path: `/${BUCKET}/a`, body: 'content' });

// The file of a handle is read from /proc.
describe.skipIf(process.platform !== 'linux')('an acknowledged object', () => {
  it('is on the disk with --sync: content, its name, the folder of it, and the index', async () => {
    await start(true);
    expect((await put()).status).toBe(200);
    expect(flushed).toEqual(['blobs', 'tmp/file', expect.stringMatching(/^blobs\/[0-9a-f]{2}$/)]);
    expect(opened).toMatchObject([{ sync: true }]);
  });

  it('that is a copy is too', async () => {
    await start(true);
    await put();
    flushed = [];
    const headers = { 'x-oss-copy-source': `/${BUCKET}/a` };
    const copy = await send(cloud, { method: 'PUT', path: `/${BUCKET}/b`, headers, body: '' });
    expect(copy.status).toBe(200);
    expect(flushed).toEqual(['blobs', expect.stringMatching(/^blobs\/[0-9a-f]{2}$/)]);
  });

  it('is with the operating system without it: the index is flushed later', async () => {
    await start(false);
    expect((await put()).status).toBe(200);
    expect(flushed).toEqual(['tmp/file']);
    expect(opened).toMatchObject([{ sync: false }]);
  });
});
