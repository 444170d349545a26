import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { DrivenClock, realClock } from '#src/clock';
import { SmqService } from '#src/smq/core/service';
import { lmdbStore } from '#src/smq/store/lmdb';
import { until } from '#src/testing/until';
import { type Compiled, compiled } from '#test/compiled';
import { seededRandom } from '#test/seeded-random';
import { canMount, mountSmall } from '#test/small-disk';
import { accessKey, message, type Smq, send, textOf } from './helpers.ts';

const CONNECTIONS = 8;
const KILL_ROUNDS = 10;
const FULL_ROUNDS = 5;
/** Minimum number of sends acknowledged before the process is killed. */
const MIN_SENT = 100;
/** Number of sends that a full disk refuses before the process is killed. */
const MIN_REFUSED = 50;

/** The answers about messages, by their bodies. */
interface Said {
  sending: Set<string>;
  sent: Set<string>;
  /** Sends that were answered with 500. */
  refused: Set<string>;
  leased: Set<string>;
  deleting: Set<string>;
  deleted: Set<string>;
  /** Deletes that were answered with 500, and not retried. */
  kept: Set<string>;
}

function nothingSaid(): Said {
  const set = () => new Set<string>();
  return {
    sending: set(),
    sent: set(),
    refused: set(),
    leased: set(),
    deleting: set(),
    deleted: set(),
    kept: set(),
  };
}

/** Starts an SMQ in its own process on that folder, and records its standard error. */
let program: Compiled;
beforeAll(async () => {
  program = await compiled(readFileSync(join(import.meta.dirname, 'disk-child.ts'), 'utf8'));
});
afterAll(() => program.remove());

async function startChild(folder: string) {
  const { accessKeyId, accessKeySecret } = accessKey();
  const child: ChildProcess = spawn(
    process.execPath,
    [program.file, folder, accessKeyId, accessKeySecret],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', (line) =>
      resolve(Number(line)),
    );
    exited.then(() => reject(new Error(`The child ended before it listened: ${errors}`)), reject);
  });
  return {
    smq: { port, clock: realClock } as unknown as Smq,
    errors: () => errors,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

let next = 0;

/**
 * Does one connection's work until the server is gone: two sends, a receive, and usually a delete.
 */
async function work(smq: Smq, said: Said, size: number): Promise<void> {
  for (;;) {
    for (let i = 0; i < 2; i++) {
      const body = `${process.pid}-${next++}`;
      said.sending.add(body);
      const text = message(`${body} ${'x'.repeat(size)}`);
      const { status } = await send(smq, 'POST', '/queues/q/messages', { body: text });
      expect([201, 500]).toContain(status);
      said[status === 201 ? 'sent' : 'refused'].add(body);
    }
    const received = await send(smq, 'GET', '/queues/q/messages?waitseconds=0');
    if (received.status !== 200) continue;
    const body = textOf(received.text, 'MessageBody')?.split(' ')[0] ?? '';
    said.leased.add(body);
    if (next % 3 === 0) continue;
    said.deleting.add(body);
    const handle = encodeURIComponent(textOf(received.text, 'ReceiptHandle') ?? '');
    const { status } = await send(smq, 'DELETE', `/queues/q/messages?ReceiptHandle=${handle}`);
    expect([204, 500]).toContain(status);
    said[status === 204 ? 'deleted' : 'kept'].add(body);
  }
}

/** Loads the server until `enough` resolves, kills it, and waits until every connection has noticed. */
async function loadAndKill(
  { smq, kill }: Awaited<ReturnType<typeof startChild>>,
  said: Said,
  enough: Promise<unknown>,
  size: number,
): Promise<void> {
  let killed = false;
  const workers = Array.from({ length: CONNECTIONS }, () =>
    work(smq, said, size).catch((error: unknown) => {
      if (!killed) throw error;
    }),
  );
  await Promise.race([enough, Promise.all(workers)]);
  killed = true;
  await kill();
  await Promise.all(workers);
}

async function check(folder: string, said: Said): Promise<number> {
  const smq = new SmqService({
    clock: new DrivenClock(),
    store: lmdbStore(folder),
    accountId: '1',
  });
  const found = new Map<string, string>();
  for (const { body, state } of smq.inspect('q', Number.POSITIVE_INFINITY)) {
    const [name = ''] = body.split(' ');
    expect(found.has(name), `${name} is there once`).toBe(false);
    found.set(name, state);
  }
  await smq.close();
  const isGone = (body: string) => said.deleting.has(body) && !said.kept.has(body);
  for (const body of found.keys()) {
    expect(said.sending.has(body), `${body} was sent`).toBe(true);
    expect(said.refused.has(body), `${body} was refused`).toBe(false);
  }
  for (const body of said.sent)
    if (!isGone(body)) expect(found.has(body), `${body} was acknowledged`).toBe(true);
  for (const body of said.deleted) expect(found.has(body), `${body} was deleted`).toBe(false);
  for (const body of said.leased)
    if (found.has(body)) expect(found.get(body), `${body} is leased`).toBe('inactive');
  return found.size;
}

it(`loses and invents nothing through ${KILL_ROUNDS} kills under load from ${CONNECTIONS} connections`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smq-kill-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const random = seededRandom(Date.now() % 100_000);
  const said = nothingSaid();
  for (let round = 0; round < KILL_ROUNDS; round++) {
    const child = await startChild(folder);
    const before = said.sent.size;
    // The moment of a kill is tested: it is the real clock's.
    const enough = until(() => said.sent.size >= before + MIN_SENT).then(() => pause(random(600)));
    await loadAndKill(child, said, enough, 20);
    await check(folder, said);
  }
  expect(said.refused.size).toBe(0);
});

it.skipIf(!canMount())(
  `loses and invents nothing through ${FULL_ROUNDS} file systems of 3 MB that fill up (needs the right to mount one)`,
  async () => {
    for (let round = 0; round < FULL_ROUNDS; round++) {
      const mounted = mountSmall('3m');
      try {
        const folder = join(mounted.path, 'smq');
        const said = nothingSaid();
        // Once it is full, the next process must start on a full disk.
        for (let restart = 0; restart < 2; restart++) {
          const child = await startChild(folder);
          const before = said.refused.size;
          const enough = until(() => said.refused.size >= before + MIN_REFUSED);
          await loadAndKill(child, said, enough, 1500);
          const lines = child
            .errors()
            .split('\n')
            .filter((line) => line.includes(folder));
          if (restart === 0) {
            expect(lines[0]).toBe(
              `"${folder}" cannot be written to: the disk is full: make room on its disk; what needs no room still works`,
            );
            expect(child.errors()).not.toMatch(/^\s+at /m);
            const again = lines.filter((line) => line.endsWith('can be written to again'));
            expect(lines.length).toBeLessThanOrEqual(2 * again.length + 1);
          }
          await check(folder, said);
        }
        expect(said.sent.size).toBeGreaterThan(100);
      } finally {
        mounted.unmount();
      }
    }
  },
);
