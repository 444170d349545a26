import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import OSS from 'ali-oss';
import { BUCKET, OWNER } from './helpers.ts';

export interface OssChild {
  pid: number;
  port: number;
  client: OSS;
  /** Ends it at once, like a power cut. */
  kill(): Promise<void>;
}

/** Starts an OSS in its own process, on that folder. */
export async function startOssChild(folder: string): Promise<OssChild> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'kill-child.ts'), folder],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
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
