import { describe, expect, it } from 'vitest';
import { startFixture, writeFunction } from './fixture.ts';

const NOTHING = Buffer.alloc(0);

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
    ['reads', `new (require('node:net').Socket)({ fd: 4 }).resume()`],
  ])(
    'is used again though its function %s the descriptors that are not its own',
    async (_, does) => {
      const { runtime, lines } = await startFixture();
      await runtime.deploy(
        writeFunction(`let calls = 0;
        exports.handler = async () => { if (calls++ === 0) ${does}; return process.pid; };`),
      );
      const pids = new Set<string>();
      for (let nth = 0; nth < 3; nth++) {
        const { body, errorType } = await runtime.invoke('sample', NOTHING);
        expect(errorType).toBeUndefined();
        pids.add(body.toString());
      }
      expect(pids.size).toBe(1);
      expect(lines).toEqual([]);
    },
  );

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
