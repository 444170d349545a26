import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import type { ObjectEvent } from '#src/oss/events';
import { OssService } from '#src/oss/service';
import type { ObjectProperties } from '#src/oss/store/types';

const caller = { requestId: 'R' };
const properties: ObjectProperties = {
  headers: { 'content-type': 'text/plain' },
  meta: {},
  acl: 'default',
  storageClass: 'Standard',
  tags: [],
};
const box = { name: 'box', acl: 'private' } as const;

async function* content(...chunks: string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

let folder: string;
let service: OssService;
const open = (data?: string) =>
  OssService.open({ clock: new DrivenClock(), accountId: '1', region: 'cn-hangzhou', data });
const put = (key: string, text: string) =>
  service.objects.put({ bucket: 'box', key }, content(text), { properties }, caller);
const files = async (under: string): Promise<string[]> =>
  (await readdir(join(folder, under), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-service-'));
  service = await open(folder);
  await service.apply({ buckets: [box] });
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

describe('the object service', () => {
  it('applies buckets as often as wanted, keeping the objects and taking the ACL', async () => {
    await put('a', 'text');
    await service.apply({ buckets: [{ name: 'box', acl: 'public-read' }] });
    expect(service.buckets.require('box').acl).toBe('public-read');
    expect(await service.readObject('box', 'a')).toEqual(Buffer.from('text'));
  });

  it('makes buckets of the class and redundancy that a project declares', async () => {
    const storageClass = 'Archive';
    const spec = { name: 'ice', acl: 'private', storageClass, redundancy: 'ZRS' } as const;
    await service.apply({ buckets: [spec] });
    expect(service.buckets.require('ice')).toMatchObject({ storageClass, redundancy: 'ZRS' });
  });

  it('has objects, uploads and parts again when opened again', async () => {
    await put('a', 'text');
    const upload = await service.uploads.initiate({ bucket: 'box', key: 'u' }, properties);
    await service.uploads.writePart(upload, 1, content('part'));
    await service.close();
    service = await open(folder);
    expect(service.listObjects('box').map(({ key }) => key)).toEqual(['a']);
    await service.uploads.complete(upload, undefined, { forbidOverwrite: false }, caller);
    expect(await service.readObject('box', 'u')).toEqual(Buffer.from('part'));
  });

  it('keeps one file for each object, whatever was overwritten, copied or deleted', async () => {
    await put('a', 'one');
    const a = await put('a', 'two');
    await service.objects.copy(a, { bucket: 'box', key: 'b' }, { properties }, caller);
    await service.objects.remove({ bucket: 'box', key: 'a' }, caller);
    expect(await service.readObject('box', 'b')).toEqual(Buffer.from('two'));
    await service.close();
    expect(await files('blobs')).toHaveLength(1);
    expect(await files('tmp')).toHaveLength(0);
    service = await open(folder);
  });

  it('leaves the old object and no file when a body breaks off', async () => {
    await put('a', 'old');
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('new');
      throw new Error('gone');
    }
    const path = { bucket: 'box', key: 'a' };
    await expect(service.objects.put(path, broken(), { properties }, caller)).rejects.toThrow(
      'gone',
    );
    expect(await service.readObject('box', 'a')).toEqual(Buffer.from('old'));
    expect(await files('blobs')).toHaveLength(1);
    expect(await files('tmp')).toHaveLength(0);
  });

  it('lets a reader finish the content it began, though the object is overwritten', async () => {
    const long = 'x'.repeat(1_000_000);
    const old = await put('a', long);
    const stream = service.objects.stream(old);
    await put('a', 'new');
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(long);
    await service.close();
    expect(await files('blobs')).toHaveLength(1);
    service = await open(folder);
  });

  it('sweeps on opening what a killed process left over an hour ago', async () => {
    await put('a', 'text');
    await service.objects.put({ bucket: 'box', key: 'b' }, content('gone'), { properties }, caller);
    await service.store.transact(() => service.store.objects.remove('box\0b'));
    await service.close();
    const hoursAgo = new Date(Date.now() - 2 * 60 * 60_000);
    for (const file of await files('blobs')) await utimes(file, hoursAgo, hoursAgo);
    service = await open(folder);
    expect(await files('blobs')).toHaveLength(1);
    expect(await service.readObject('box', 'a')).toEqual(Buffer.from('text'));
  });

  it('lets one of two rival puts create the key when overwriting is forbidden', async () => {
    const create = () =>
      service.objects.put(
        { bucket: 'box', key: 'once' },
        content('x'),
        { properties, forbidOverwrite: true },
        caller,
      );
    const results = await Promise.allSettled([create(), create(), create()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await service.close();
    expect(await files('blobs')).toHaveLength(1);
    service = await open(folder);
  });

  it('notifies listeners of changes to objects, after they are stored', async () => {
    const events: ObjectEvent[] = [];
    const stop = service.onEvent((event) => events.push(event));
    await put('a', 'four');
    await put('a', 'sixsix');
    await service.objects.remove({ bucket: 'box', key: 'a' }, caller);
    stop();
    await put('a', 'unheard');
    expect(events.map(({ name, size, deltaSize }) => [name, size, deltaSize])).toEqual([
      ['ObjectCreated:PutObject', 4, 4],
      ['ObjectCreated:PutObject', 6, 2],
      ['ObjectRemoved:DeleteObject', 6, -6],
    ]);
    expect(events[0]).toMatchObject({ bucket: 'box', key: 'a', requestId: 'R' });
  });

  it('says which folder it cannot use', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(open(join(file, 'data'))).rejects.toMatchObject({
      code: 'DataFolder',
      message: expect.stringContaining(join(file, 'data')),
    });
  });

  it('keeps everything in a temporary folder that goes when it is closed', async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    const made = async () =>
      (await readdir(folder)).filter((name) => name.startsWith('local-oss-')).length;
    const temporary = await open();
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await temporary.apply({ buckets: [box] });
    expect(await made()).toBe(1);
    await temporary.close();
    expect(await made()).toBe(0);
  });
});
