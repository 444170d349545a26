import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileReader } from '#src/oss/upload/file-reader';
import { PartReader } from '#src/oss/upload/part-reader';
import { upload } from '#src/oss/upload/upload';
import { localOss } from '../local-oss.ts';

const PART = 1000;
const BYTES = randomBytes(2500);

async function fileOf(bytes: Buffer | string = BYTES): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'file-reader-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file'), bytes);
  return join(folder, 'file');
}

/** Reads a source in parts of 1000 bytes. */
async function partsOf(source: fs.ReadStream): Promise<Buffer> {
  const reader = new PartReader(source);
  const buffer = Buffer.alloc(PART);
  const parts: Buffer[] = [];
  for (;;) {
    const part = await reader.read(buffer, PART);
    if (!part) return Buffer.concat(parts);
    parts.push(Buffer.from(part.bytes));
  }
}

describe('a file’s stream', () => {
  it.each<[string, { start?: number; end?: number }, number, number]>([
    ['as a whole', {}, 0, 2500],
    ['from a byte', { start: 700 }, 700, 2500],
    ['to a byte', { end: 1499 }, 0, 1500],
    ['between two', { start: 700, end: 1999 }, 700, 2000],
    ['from its end', { start: 2500 }, 2500, 2500],
    ['beyond its end', { start: 2000, end: 9999 }, 2000, 2500],
  ])('is read %s, and knows its size before', async (_, range, start, end) => {
    const stream = fs.createReadStream(await fileOf(), range);
    expect(FileReader.canBe(stream)).toBe(true);
    const reader = new PartReader(stream);
    expect(await reader.size()).toBe(end - start);
    const whole = await reader.read(Buffer.alloc(5000), 5000);
    expect(whole?.bytes ?? Buffer.alloc(0)).toEqual(BYTES.subarray(start, end));
    expect(stream.bytesRead).toBe(end - start);
  });

  it('shows by its own count how much of it has been read', async () => {
    const stream = fs.createReadStream(await fileOf(), { start: 100 });
    const reader = new PartReader(stream);
    await reader.read(Buffer.alloc(PART), PART);
    expect(stream.bytesRead).toBe(PART);
    reader.close();
  });

  it('ends with its events, and is closed', async () => {
    const stream = fs.createReadStream(await fileOf());
    const events: string[] = [];
    for (const event of ['end', 'close']) stream.once(event, () => events.push(event));
    const closed = once(stream, 'close');
    expect(await partsOf(stream)).toEqual(BYTES);
    await closed;
    expect(events).toEqual(['end', 'close']);
  });

  it('rejects with what it fails with: no file, a folder, or what destroys it', async () => {
    const missing = fs.createReadStream(`${await fileOf()}.not`);
    await expect(partsOf(missing)).rejects.toMatchObject({ code: 'ENOENT' });
    const folder = fs.createReadStream(tmpdir());
    await expect(partsOf(folder)).rejects.toMatchObject({ code: 'EISDIR' });

    const destroyed = fs.createReadStream(await fileOf());
    const reader = new PartReader(destroyed);
    await reader.read(Buffer.alloc(PART), PART);
    destroyed.destroy(new Error('stop'));
    await expect(reader.read(Buffer.alloc(PART), PART)).rejects.toThrow('stop');
  });

  it('rejects when it is closed before it is open, or before its end', async () => {
    const early = fs.createReadStream(await fileOf());
    const unopened = new PartReader(early);
    early.destroy();
    await expect(unopened.read(Buffer.alloc(PART), PART)).rejects.toThrow('closed before its end');

    const late = fs.createReadStream(await fileOf());
    const reader = new PartReader(late);
    await reader.read(Buffer.alloc(PART), PART);
    late.destroy();
    await expect(reader.read(Buffer.alloc(PART), PART)).rejects.toThrow('closed before its end');
  });

  it('is closed when nothing more of it is wanted', async () => {
    const stream = fs.createReadStream(await fileOf());
    const reader = new PartReader(stream);
    await reader.read(Buffer.alloc(PART), PART);
    const closed = once(stream, 'close');
    reader.close();
    await closed;
  });

  it('is no plain one if it is of a descriptor, of other functions, or of a class of its own', async () => {
    const path = await fileOf();
    const handle = await open(path);
    class Own extends fs.ReadStream {}
    const streams = [
      handle.createReadStream(),
      fs.createReadStream(path, { fs: { ...fs, read: fs.read.bind(fs) } as never }),
      fs.createReadStream(path, { encoding: 'latin1' }),
      Reflect.construct(Own, [path, {}]) as fs.ReadStream,
    ];
    expect(streams.map((stream) => FileReader.canBe(stream))).toEqual(streams.map(() => false));
    for (const stream of [streams[0], streams[1], streams[3]])
      expect(await partsOf(stream as fs.ReadStream)).toEqual(BYTES);
    streams[2]?.destroy();
  });

  it.each<[string, { start?: number; end?: number }, number, number]>([
    ['from where that is', {}, 1100, 2500],
    ['from where that is to a byte count', { end: 99 }, 1100, 1200],
    ['from a byte', { start: 700 }, 700, 2500],
  ])('of a descriptor is read %s', async (_, range, start, end) => {
    const fd = fs.openSync(await fileOf(), 'r');
    fs.readSync(fd, Buffer.alloc(1100), 0, 1100, null);
    const stream = fs.createReadStream('', { fd, ...range });
    expect(await partsOf(stream)).toEqual(BYTES.subarray(start, end));
    stream.destroy();
  });

  it('is read by itself if it is of a pipe', async () => {
    const path = `${await fileOf()}.pipe`;
    execFileSync('mkfifo', [path]);
    const stream = fs.createReadStream(path);
    const [bytes] = await Promise.all([partsOf(stream), writeFile(path, BYTES)]);
    expect(bytes).toEqual(BYTES);
  });

  it('of 8 MiB or more is uploaded in parts of 2 MiB, and a smaller one as one put', async () => {
    const { client, stored } = await localOss();
    const large = randomBytes(8 * 1024 * 1024 + 1);
    const sizes: number[] = [];
    await upload(client, 'large', fs.createReadStream(await fileOf(large)), {
      onProgress: ({ uploaded }) => sizes.push(uploaded),
    });
    expect(sizes).toHaveLength(5);
    expect((await stored('large')).equals(large)).toBe(true);
    const small = large.subarray(0, -2);
    sizes.length = 0;
    await upload(client, 'small', fs.createReadStream(await fileOf(small)), {
      onProgress: ({ uploaded }) => sizes.push(uploaded),
    });
    expect(sizes).toEqual([small.length]);
  });
});
