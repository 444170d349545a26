// Makes one upload in a separate process and measures it: seconds, seconds of processor time, and resident
// memory beyond what the process had before. Arguments: contender, OSS address, file.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type OSS from 'ali-oss';
import { ossAddress } from '#src/oss/bucket/address';
import { OssClient } from '#src/oss/bucket/client';
import { upload } from '#src/oss/upload/upload';
import { BUCKET, OWNER, REGION } from './account.ts';

const KEY = 'large.bin';
const SAMPLE_MS = 5;

type Contender = (client: OssClient, path: string, sdk: OSS) => Promise<unknown>;

const CONTENDERS: Record<string, Contender> = {
  'upload, from a file': (client, path) => upload(client, KEY, createReadStream(path)),
  'upload, from a stream': async (client, path) =>
    upload(client, KEY, chunks((await stat(path)).size)),
  'ali-oss multipartUpload, from a file': (_client, path, sdk) =>
    sdk.multipartUpload(KEY, path, {}),
  'ali-oss putStream, from a file': (_client, path, sdk) =>
    sdk.putStream(KEY, createReadStream(path)),
};

/** Repeats the same bytes, as a stream of unknown length. */
async function* chunks(size: number): AsyncIterable<Uint8Array> {
  const chunk = Buffer.alloc(64 * 1024, 'fc');
  for (let left = size; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
}

async function main([name = '', endpoint = '', path = '']: string[]): Promise<void> {
  const contender = CONTENDERS[name];
  if (!contender) throw new Error(`no contender "${name}"`);
  const env = { OSS_ENDPOINT: endpoint };
  const client = new OssClient({ bucket: BUCKET, region: REGION, credentials: OWNER, env });

  const base = process.memoryUsage.rss();
  // Loading it must count as memory, not as time.
  const { default: Sdk } = await import('ali-oss');
  await client.sdk();
  // As one would make it without fc-kit: with its own HTTP client.
  const address = ossAddress({ region: REGION, env });
  const sdk = new Sdk({ ...address, ...OWNER, bucket: BUCKET, authorizationV4: true });
  let peak = base;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const [start, before] = [performance.now(), process.cpuUsage()];
  await contender(client, path, sdk);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1000;
  clearInterval(sampler);
  const measured = { seconds, cpuSeconds: (user + system) / 1e6, bytesAboveBase: peak - base };
  process.stdout.write(JSON.stringify(measured));
  process.exit(); // ali-oss keeps its sockets open for a while
}

await main(process.argv.slice(2));
