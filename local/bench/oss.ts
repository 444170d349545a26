/**
 * The local OSS against a bare node:http server that does the same file writes and reads (temporary
 * name, sync, rename; stream back): `npx tsx --conditions=fc-source local/bench/oss.ts [rounds]`. One client process with eight
 * connections; each request to OSS is signed by version 4 and verified. Rounds of both alternate;
 * a ratio is of medians.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '#src/clock';
import { close, listen } from '#src/http/listen';
import { startOss } from '#src/oss/server';
import { canonicalRequestV4, signingKeyV4, signV4, stringToSignV4 } from '#src/oss/signature/v4';

const CONNECTIONS = 8;
const KIB = 1024;
const MIB = KIB * KIB;
const SMALL = { bytes: KIB, requests: 500 };
const LARGE = { bytes: 100 * MIB, requests: 1 };
const BUCKET = 'bench';
const KEY = { accessKeyId: 'bench', accessKeySecret: 'bench-secret' };
const account = { kind: 'account', accountId: '1', arn: 'acs:ram::1:root' } as const;

interface Server {
  port: number;
  close(): Promise<void>;
}

async function oss(folder: string): Promise<Server> {
  const key = { ...KEY, principal: account };
  const server = await startOss({
    clock: realClock,
    authority: { accountId: '1', findAccessKey: () => key, authorize: () => ({ allowed: true }) },
    region: 'cn-hangzhou',
    data: folder,
  });
  await server.service.apply({ buckets: [{ name: BUCKET, acl: 'private' }] });
  return server;
}

async function bare(folder: string): Promise<Server> {
  const server = createServer(async (incoming, outgoing) => {
    const path = join(folder, (incoming.url ?? '').replaceAll('/', '_'));
    if (incoming.method === 'PUT') {
      const temporary = `${path}.${randomBytes(8).toString('hex')}`;
      const file = await open(temporary, 'wx');
      for await (const chunk of incoming as AsyncIterable<Buffer>) await file.writeFile(chunk);
      await file.datasync();
      await file.close();
      await rename(temporary, path);
      outgoing.end();
    } else {
      const { size } = await stat(path);
      outgoing.writeHead(200, { 'Content-Length': size });
      createReadStream(path, { highWaterMark: 256 * KIB }).pipe(outgoing);
    }
  });
  return { port: await listen(server, '127.0.0.1', 0), close: () => close(server) };
}

/** Returns requests per second. */
async function drive(
  port: number,
  method: 'PUT' | 'GET',
  { bytes, requests }: { bytes: number; requests: number },
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const chunk = randomBytes(Math.min(bytes, MIB));
  let left = requests;
  const began = performance.now();
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await exchange(port, agent, method, `object-${bytes}-${left % 64}`, chunk, bytes);
    }
  };
  const connections = bytes > MIB ? 1 : CONNECTIONS;
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return requests / seconds;
}

function exchange(
  port: number,
  agent: Agent,
  method: string,
  key: string,
  chunk: Buffer,
  bytes: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, agent, method, path: `/${BUCKET}/${key}`, headers: headersOf(method, key, bytes) },
      (answer) => {
        let size = 0;
        answer.on('data', (part: Buffer) => {
          size += part.length;
        });
        answer.on('error', reject);
        answer.on('end', () => {
          const whole = method === 'PUT' || size === bytes;
          if (answer.statusCode === 200 && whole) resolve();
          else reject(new Error(`${method} ${key}: ${answer.statusCode}, ${size} bytes`));
        });
      },
    );
    request.on('error', reject);
    if (method === 'GET') return void request.end();
    let left = bytes;
    const write = () => {
      while (left > 0) {
        left -= chunk.length;
        if (!request.write(chunk)) return void request.once('drain', write);
      }
      request.end();
    };
    write();
  });
}

function headersOf(method: string, key: string, bytes: number): Record<string, string> {
  const timestamp = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const date = timestamp.slice(0, 8);
  const scope = { accessKeyId: KEY.accessKeyId, date, region: 'cn-hangzhou', product: 'oss' };
  const headers: Record<string, string> = {
    'x-oss-date': timestamp,
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    ...(method === 'PUT' && { 'content-type': 'application/octet-stream' }),
  };
  const canonical = canonicalRequestV4({ method, bucket: BUCKET, key, query: [], headers });
  const signature = signV4(
    signingKeyV4(KEY.accessKeySecret, scope),
    stringToSignV4(canonical, timestamp, scope),
  );
  headers.authorization = `OSS4-HMAC-SHA256 Credential=${KEY.accessKeyId}/${date}/cn-hangzhou/oss/aliyun_v4_request,Signature=${signature}`;
  if (method === 'PUT') headers['content-length'] = String(bytes);
  return headers;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Starts each server in a process of its own, as in use. */
async function serve(): Promise<void> {
  const [, , , kind = '', folder = ''] = process.argv;
  const server = await (kind === 'oss' ? oss(folder) : bare(folder));
  process.send?.(server.port);
  process.on('disconnect', () => process.exit());
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 15);
  const folders = await Promise.all(
    ['oss', 'bare'].map((kind) => mkdtemp(join(tmpdir(), `bench-${kind}-`))),
  );
  const servers = ['oss', 'bare'].map((kind, index) =>
    fork(import.meta.filename, ['serve', kind, folders[index] ?? ''], {
      execArgv: process.execArgv,
    }),
  );
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => server.once('message', (port) => resolve(Number(port)))),
    ),
  );
  try {
    for (const [name, load] of [
      ['1 KiB', SMALL],
      ['100 MiB', LARGE],
    ] as const)
      for (const method of ['PUT', 'GET'] as const) {
        const rates: number[][] = [[], []];
        for (let round = 0; round <= rounds; round += 1)
          for (const [index, port] of ports.entries()) {
            const rate = await drive(port, method, load);
            if (round > 0) rates[index]?.push(rate); // the first round warms up
          }
        const [mine = 0, theirs = 0] = rates.map(median);
        const unit = load.bytes > MIB ? 'MiB/s' : 'requests/s';
        const scale = load.bytes > MIB ? load.bytes / MIB : 1;
        console.log(
          `${name.padEnd(8)} ${method}  oss ${(mine * scale).toFixed(0).padStart(6)}  bare ${(theirs * scale).toFixed(0).padStart(6)} ${unit}  ratio ${(mine / theirs).toFixed(2)}`,
        );
      }
  } finally {
    for (const server of servers) server.disconnect();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

await (process.argv[2] === 'serve' ? serve() : main());
