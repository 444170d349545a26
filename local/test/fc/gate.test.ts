import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from '#test/temporary-folder';
import { startFixture, writeFunction } from './fixture.ts';

const NOTHING = Buffer.alloc(0);
const ROLE = { accessKeyId: 'STS.key', accessKeySecret: 'secret', securityToken: 'token' };

describe.skipIf(process.platform === 'win32')('an instance that waits for its next call', () => {
  it('outlives a signal that starts the inspector', async () => {
    const { runtime, lines } = await startFixture();
    const environmentVariables = { NODE_OPTIONS: '--inspect-port=0' };
    await runtime.deploy(
      writeFunction('exports.handler = async () => process.pid;', { environmentVariables }),
    );
    const first = await runtime.invoke('sample', NOTHING);
    process.kill(Number(first.body.toString()), 'SIGUSR1');
    const second = await runtime.invoke('sample', NOTHING);
    expect(second.body.toString()).toBe(first.body.toString());
    expect(lines.filter(({ text }) => text.includes('EINTR'))).toEqual([]);
  });

  it.each([
    ['closes', `require('node:fs').closeSync(4)`],
    [
      'closes and opens anew',
      `const fs = require('node:fs'); fs.closeSync(4);
      while (fs.openSync(process.env.OWN, 'r+') < 4)`,
    ],
    ['reads', `new (require('node:net').Socket)({ fd: 4 }).resume()`],
  ])(
    'is used again though its function %s the descriptors that are not its own, in its first call or a later one',
    async (_, does) => {
      const own = join(folderOf(), 'own');
      for (const at of ['0', '1', '2']) {
        writeFileSync(own, '');
        const { runtime, lines } = await startFixture();
        const environmentVariables = { AT: at, OWN: own };
        await runtime.deploy(
          writeFunction(
            `let calls = 0;
            exports.handler = async () => {
              if (calls++ === Number(process.env.AT)) { ${does}; }
              return [process.pid, calls].join(); };`,
            { environmentVariables },
          ),
        );
        const answers: string[] = [];
        for (let nth = 0; nth < 5; nth++) {
          const { body, errorType } = await runtime.invoke('sample', NOTHING);
          expect(errorType).toBeUndefined();
          answers.push(body.toString());
        }
        const [pid] = answers[0]?.split(',') ?? [];
        expect(answers).toEqual([1, 2, 3, 4, 5].map((calls) => `${pid},${calls}`));
        expect(lines).toEqual([]);
        expect(readFileSync(own, 'utf8')).toBe('');
      }
    },
  );

  it('answers its later calls as its first one', async () => {
    const { runtime } = await startFixture({ issueCredentials: () => ROLE });
    const fn = writeFunction(`exports.handler = (event, context, callback) => {
        const [does, text] = String(event).split(' ');
        if (does === 'throw') throw new TypeError(text);
        if (does === 'fail') callback(new Error(text));
        else callback(null, { ...context, text, isBuffer: Buffer.isBuffer(event) }); };`);
    for (const event of ['answer é', 'throw oops', 'fail no']) {
      await runtime.deploy(fn);
      const answers = [];
      for (let nth = 0; nth < 3; nth++) {
        const options = { requestId: 'request', retryCount: 2 };
        const { body, errorType } = await runtime.invoke('sample', Buffer.from(event), options);
        const { stackTrace, ...answer } = JSON.parse(body.toString());
        // What called the function differs.
        answers.push({ errorType, ...answer, stackTrace: stackTrace?.slice(0, 2) });
      }
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }
  });

  it('passes events and answers of any size', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(writeFunction('exports.handler = async (event) => event;'));
    const around = [16 * 1024, 32 * 1024, 64 * 1024, 2 ** 20].flatMap((size) => [
      size - 9,
      size - 8,
      size,
      size + 1,
    ]);
    for (const size of [0, 0, 1, ...around, 32 * 2 ** 20, 1]) {
      const event = Buffer.alloc(size, `${size}.`);
      const { body } = await runtime.invoke('sample', event);
      expect(body.equals(event)).toBe(true);
    }
  });

  it('gives the function an event of its own', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(
        'const all = []; exports.handler = async (event) => { all.push(event); return all.join(); };',
      ),
    );
    let body: Buffer = NOTHING;
    for (const event of ['one', 'two', 'three', 'four'])
      ({ body } = await runtime.invoke('sample', Buffer.from(event)));
    expect(body.toString()).toBe('one,two,three,four');
  });

  it('keeps nothing of the asynchronous context of the call before', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(`const { AsyncLocalStorage } = require('node:async_hooks');
        const storage = new AsyncLocalStorage();
        exports.handler = async (event) => {
          const before = storage.getStore();
          storage.enterWith(String(event));
          await null;
          return [before, storage.getStore()]; };`),
    );
    for (const event of ['a', 'b', 'c', 'd']) {
      const { body } = await runtime.invoke('sample', Buffer.from(event));
      expect(JSON.parse(body.toString())).toEqual([null, event]);
    }
  });

  it('has all output of each call before its answer, whatever its size', async () => {
    const { runtime, lines } = await startFixture();
    await runtime.deploy(
      writeFunction(`exports.handler = async (event) => {
        for (let i = 0; i < 1000; i++) process.stdout.write(event + ' ' + i + 'x'.repeat(1000) + '\\n');
        process.stderr.write(event + ' unended');
        return Buffer.alloc(2 ** 20, 'b'); };`),
    );
    for (let nth = 0; nth < 5; nth++) {
      lines.length = 0;
      const { requestId, body } = await runtime.invoke('sample', Buffer.from(`call${nth}`));
      expect(body.length).toBe(2 ** 20);
      expect(lines).toHaveLength(1001);
      expect(lines.every((line) => line.requestId === requestId)).toBe(true);
      expect(lines.every(({ text }) => text.startsWith(`call${nth} `))).toBe(true);
    }
  });
});
