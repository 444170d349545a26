import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { startOssChild } from './child.ts';

const MIB = 1024 * 1024;
/** Two GiB: beyond 32-bit sizes, like five, in less time. */
const CHUNKS = 2049;
const ROOM_BYTES = 160 * MIB;

async function peakBytes(pid: number): Promise<number> {
  const [, kilobytes = ''] =
    /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

it.runIf(process.platform === 'linux')(
  'an object of more than 2 GiB goes in and out with flat memory',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'oss-large-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const oss = await startOssChild(folder);
    onTestFinished(() => oss.kill());
    await oss.client.put('warm', Buffer.alloc(8 * MIB));
    await oss.client.get('warm');
    const before = await peakBytes(oss.pid);

    const chunk = Buffer.alloc(MIB, 'large');
    const source = Readable.from(
      (function* () {
        for (let index = 0; index < CHUNKS; index += 1) yield chunk;
      })(),
    );
    await oss.client.putStream('large', source);
    const { res, stream } = await oss.client.getStream('large');
    let size = 0;
    for await (const part of stream as AsyncIterable<Buffer>) size += part.length;

    expect(size).toBe(CHUNKS * MIB);
    expect((res.headers as Record<string, string>)['content-length']).toBe(String(CHUNKS * MIB));
    expect((await peakBytes(oss.pid)) - before).toBeLessThan(ROOM_BYTES);
  },
);
