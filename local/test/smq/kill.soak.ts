import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { SmqService } from '#src/smq/core/service';
import { lmdbStore } from '#src/smq/store/lmdb';
import { until } from '#src/testing/until';
import { compiled } from '#test/compiled';
import { seededRandom } from '#test/seeded-random';

const ROUNDS = 12;

/**
 * Sends, receives, deletes, publishes and moves, eight workers at once, and reports what it begins
 * and what was acknowledged. Its argument is the folder.
 */
const PROGRAM = `
  import { writeSync } from 'node:fs';
  import { realClock } from '#src/clock';
  import { SmqService } from '#src/smq/core/service';
  import { lmdbStore } from '#src/smq/store/lmdb';
  const smq = new SmqService({ clock: realClock, store: lmdbStore(process.argv[2]), accountId: '1' });
  await smq.apply({
    queues: [{ name: 'q', visibilityTimeout: 43200 }, { name: 'side' }],
    topics: [{ name: 't' }],
    subscriptions: [
      { name: 's', topic: 't', endpoint: 'acs:mns:r:1:queues/q', notifyContentFormat: 'SIMPLIFIED' },
      { name: 'late', topic: 't', endpoint: 'acs:mns:r:1:queues/absent', notifyStrategy: 'EXPONENTIAL_DECAY_RETRY' },
    ],
  });
  const say = (...words) => writeSync(1, words.join(' ') + '\\n');
  const work = async (worker) => {
    for (let i = 0; ; i++) {
      const body = process.pid + '-' + worker + '-' + i;
      say('sending', body);
      if (i % 5 === 0) await smq.publish('t', { body });
      else if (i % 5 === 1) await smq.sendBatch('q', [{ body }]);
      else await smq.send('q', { body });
      say(i % 5 === 0 ? 'published' : 'sent', body);
      if (i % 7 === 0) await smq.move('q', 'side');
      const [message] = await smq.receive('q');
      if (!message) continue;
      if (i % 3 === 0) { say('leased', message.body); continue; }
      say('deleting', message.body);
      await smq.deleteMessage('q', message.receiptHandle);
      say('deleted', message.body);
    }
  };
  for (let worker = 0; worker < 8; worker++) void work(worker);`;

it(`accounts for every message through ${ROUNDS} kills at random moments`, async () => {
  const path = await mkdtemp(join(tmpdir(), 'smq-kill-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const { file, remove } = await compiled(PROGRAM);
  onTestFinished(remove);
  const random = seededRandom(Date.now() % 100_000);
  const said: Record<string, Set<string>> = {};
  const words = (word: string): Set<string> => {
    said[word] ??= new Set();
    return said[word];
  };
  for (let round = 0; round < ROUNDS; round++) {
    await runAndKill([file, path], random(400), (word, body) => words(word).add(body));
    const smq = new SmqService({
      clock: new DrivenClock(),
      store: lmdbStore(path),
      accountId: '1',
    });
    const found = new Map<string, string>();
    for (const queue of ['q', 'side'])
      for (const { body, state } of smq.inspect(queue, Number.POSITIVE_INFINITY)) {
        expect(found.has(body), `"${body}" is there once`).toBe(false);
        found.set(body, state);
      }
    const waiting = new Set(smq.deliveries().map(({ publication }) => publication.body));
    await smq.close();
    for (const body of found.keys()) expect(words('sending').has(body)).toBe(true);
    for (const word of ['sent', 'published'])
      for (const body of words(word))
        if (!words('deleting').has(body)) expect(found.has(body), `${word} ${body}`).toBe(true);
    for (const body of words('published')) expect(waiting.has(body), `kept ${body}`).toBe(true);
    for (const body of words('deleted')) expect(found.has(body), `deleted ${body}`).toBe(false);
    for (const body of words('leased')) expect(found.get(body), `leased ${body}`).toBe('inactive');
  }
  expect(words('deleted').size).toBeGreaterThan(100);
});

/**
 * Lets the program work, kills it `ms` milliseconds after its first line, and returns its output.
 * It writes to a file: a kill loses what a pipe had no room for because of a busy reader.
 */
async function runAndKill(
  [program, path]: [string, string],
  ms: number,
  heard: (word: string, body: string) => void,
): Promise<void> {
  const file = `${path}/said`;
  const output = openSync(file, 'w');
  const child = spawn(process.execPath, [program, path], { stdio: ['ignore', output, 'inherit'] });
  closeSync(output);
  const exited = once(child, 'exit');
  await until(() => child.exitCode !== null || statSync(file).size > 0);
  // The moment of a kill is tested: it is the real clock's.
  await pause(ms);
  child.kill('SIGKILL');
  await exited;
  expect(child.signalCode).toBe('SIGKILL');
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [word = '', body = ''] = line.split(' ');
    heard(word, body);
  }
}
