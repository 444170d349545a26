import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { seededRandom } from '#test/seeded-random';
import { BUCKET, type Reply, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

const LIMIT_MS = 60_000;

export interface DiskCloud extends TestCloud {
  /** The folder in which `a/b/data` is the server's, and the file `a/outside` is not. */
  parent: string;
}

/** Starts a server on disk with the object `a`; its folders are removed when it is closed. */
export async function startDiskCloud(): Promise<DiskCloud> {
  const parent = await mkdtemp(join(tmpdir(), 'oss-mutations-'));
  await mkdir(join(parent, 'a', 'b'), { recursive: true });
  await writeFile(join(parent, 'a', 'outside'), 'untouched');
  const cloud = await startTestCloud(join(parent, 'a', 'b', 'data'));
  await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'text' });
  return {
    ...cloud,
    parent,
    async close() {
      await cloud.close();
      await rm(parent, { recursive: true });
    },
  };
}

/**
 * Returns a number below the given one. Each file has its own process, and so the same numbers in
 * every run.
 */
export const below = seededRandom(20_261_122);
export const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;

/** Makes that many attempts, eight at a time. */
export async function each(
  rounds: number,
  attempt: (round: number) => Promise<void>,
): Promise<void> {
  const lanes = 8;
  let next = 0;
  const lane = async () => {
    while (next < rounds) await attempt(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Throws for an answer of a server that failed, and for one without a request id. */
export function answered(reply: Reply, what: unknown): void {
  if (reply.status >= 500 && reply.status !== 501)
    throw new Error(`${reply.status} for ${JSON.stringify(what)}: ${reply.text}`);
  expect(reply.headers['x-oss-request-id'], JSON.stringify(what)).toMatch(/^[0-9A-F]{24}$/);
}

/** Changes, removes or inserts a few characters. */
export function mutate(text: string, alphabet: string): string {
  const characters = [...text];
  for (let change = 0; change <= below(3); change += 1) {
    const at = below(characters.length + 1);
    const way = below(3);
    if (way === 0) characters.splice(at, 1);
    else characters.splice(at, way - 1, alphabet[below(alphabet.length)] ?? '');
  }
  return characters.join('');
}

/** Returns the keys of the bucket's objects. */
export const keysIn = (cloud: TestCloud) =>
  cloud.oss.service.listObjects(BUCKET).map(({ key }) => key);

/** Sends those bytes unchanged, and returns the answer until the connection is closed. */
export function sendRaw(cloud: TestCloud, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(cloud.oss.port, '127.0.0.1', () => socket.end(bytes));
    socket.setTimeout(LIMIT_MS, () =>
      reject(new Error(`No answer to ${bytes.toString('latin1')}`)),
    );
    socket.on('data', (chunk) => {
      reply += chunk.toString('latin1');
    });
    socket.on('error', () => {}); // a reset is a close too
    socket.on('close', () => resolve(reply));
  });
}
