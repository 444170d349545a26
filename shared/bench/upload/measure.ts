import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const MIB = 1024 * 1024;

export interface Measured {
  seconds: number;
  /** Processor time of the client's process. */
  cpuSeconds: number;
  /** Peak of the client's resident memory, minus what it had before. */
  bytesAboveBase: number;
}

export interface Rig {
  /** The local OSS's address. */
  url: string;
  /** Path of the file to upload. */
  file: string;
  /** Uploads the file once, in a new process. */
  run(contender: string): Promise<Measured>;
  close(): Promise<void>;
}

const script = (name: string) => fileURLToPath(new URL(`${name}.ts`, import.meta.url));
const TSX = ['--import', 'tsx', '--conditions=fc-source'];

/** Starts a local OSS in a separate process and writes a file of that size, in a temporary folder. */
export async function rig(size: number): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-upload-'));
  const file = join(folder, 'file.bin');
  await fill(file, size);
  const server = spawn(process.execPath, [...TSX, script('server'), join(folder, 'oss')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await firstLine(server);
  return {
    url,
    file,
    async run(contender) {
      const args = [...TSX, script('client'), contender, url, file];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      return JSON.parse(stdout) as Measured;
    },
    async close() {
      server.kill();
      await new Promise((resolve) => server.once('exit', resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fill(path: string, size: number): Promise<void> {
  const file = await open(path, 'w');
  const chunk = Buffer.alloc(MIB);
  for (let written = 0; written < size; written += chunk.length) {
    chunk.writeUInt32LE(written / MIB);
    await file.write(chunk, 0, Math.min(chunk.length, size - written));
  }
  await file.close();
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout) for await (const line of createInterface(stdout)) return line;
  throw new Error('the server did not start');
}
