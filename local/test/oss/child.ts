import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import OSS from 'ali-oss';
import { afterAll } from 'vitest';
import { type Compiled, compiled } from '#test/compiled';
import { BUCKET, OWNER } from './helpers.ts';

export interface OssChild {
  pid: number;
  port: number;
  client: OSS;
  /** Ends it at once, like a power cut. */
  kill(): Promise<void>;
}

let program: Promise<Compiled> | undefined;
afterAll(async () => (await program)?.remove());

/** Starts an OSS in its own process, on that folder. */
export async function startOssChild(folder: string): Promise<OssChild> {
  const { dirname } = import.meta;
  program ??= compiled(readFileSync(join(dirname, 'kill-child.ts'), 'utf8'), dirname);
  const child: ChildProcess = spawn(process.execPath, [(await program).file, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (!child.stdout || child.pid === undefined) throw new Error('The child did not start');
  const exited = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', (line) =>
      resolve(Number(line)),
    );
    exited.then(() => reject(new Error('The child ended before it listened')), reject);
  });
  const client = new OSS({
    endpoint: `http://localhost:${port}`,
    sldEnable: true,
    authorizationV4: true,
    region: 'oss-cn-hangzhou',
    bucket: BUCKET,
    accessKeyId: OWNER.accessKeyId,
    accessKeySecret: OWNER.accessKeySecret,
    timeout: 300_000,
  });
  return {
    pid: child.pid,
    port,
    client,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
