// Makes one upload in a separate process and measures it: seconds, and resident memory beyond what the
// process had before. Arguments: contender, OSS address, file.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { OssClient } from '#src/oss/bucket/client';
import { upload } from '#src/oss/upload/upload';
import { BUCKET, OWNER, REGION } from './account.ts';

const KEY = 'large.bin';
const SAMPLE_MS = 5;

type Contender = (client: OssClient, path: string) => Promise<unknown>;

const CONTENDERS: Record<string, Contender> = {
  'upload, from a file': (client, path) => upload(client, KEY, createReadStream(path)),
  'upload, from a stream': async (client, path) =>
    upload(client, KEY, chunks((await stat(path)).size)),
  'ali-oss multipartUpload, from a file': async (client, path) =>
    (await client.sdk()).multipartUpload(KEY, path, {}),
  'ali-oss putStream, from a file': async (client, path) =>
    (await client.sdk()).putStream(KEY, createReadStream(path)),
};

/** Repeats the same bytes, as a stream of unknown length. */
async function* chunks(size: number): AsyncIterable<Uint8Array> {
  const chunk = Buffer.alloc(64 * 1024, 'fc');
  for (let left = size; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
}

async function main([name = '', endpoint = '', path = '']: string[]): Promise<void> {
  const contender = CONTENDERS[name];
  if (!contender) throw new Error(`no contender "${name}"`);
  const client = new OssClient({
    bucket: BUCKET,
    region: REGION,
    credentials: OWNER,
    env: { OSS_ENDPOINT: endpoint },
  });

  const base = process.memoryUsage.rss();
  await client.sdk(); // loading it must count as memory, not as time
  let peak = base;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const start = performance.now();
  await contender(client, path);
  const seconds = (performance.now() - start) / 1000;
  clearInterval(sampler);
  process.stdout.write(JSON.stringify({ seconds, bytesAboveBase: peak - base }));
  process.exit(); // ali-oss keeps its sockets open for a while
}

await main(process.argv.slice(2));
