import { expect, it } from 'vitest';
import { startFixture, writeFunction } from './fixture.ts';

it.skipIf(process.platform !== 'linux')(
  'ends an invocation that takes more memory than the function has, outside of the heap too',
  async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(
        `exports.handler = async (event) => {
          if (event.length) return 'healthy';
          const all = [];
          for (;;) {
            all.push(Buffer.alloc(8 * 1024 * 1024, 1));
            await new Promise((go) => setTimeout(go, 5));
          } };`,
        { memorySize: 128, timeout: 60 },
      ),
    );
    const result = await runtime.invoke('sample', Buffer.alloc(0));
    expect(result.errorType).toBe('UnhandledInvocationError');
    const { errorMessage } = JSON.parse(result.body.toString());
    const [, used] =
      /^Process exited unexpectedly .*maxMemoryUsage: (\d+)MB\)$/.exec(errorMessage) ?? [];
    expect(Number(used)).toBeGreaterThan(128);
    expect(runtime.logs('sample')).toMatchObject([
      { text: `Out of memory: ${used} MB of 128 MB used`, requestId: result.requestId },
    ]);
    expect((await runtime.invoke('sample', Buffer.from('x'))).body.toString()).toBe('healthy');
  },
);

it('refuses an answer of 100 MB, and the instance lives on', async () => {
  const { runtime } = await startFixture();
  const code = `exports.handler = async (event) =>
    event.length ? 'healthy' : Buffer.alloc(100 * 1024 * 1024, 1);`;
  await runtime.deploy(writeFunction(code, { memorySize: 512 }));
  const result = await runtime.invoke('sample', Buffer.alloc(0));
  expect(result.errorType).toBe('UnhandledInvocationError');
  expect(result.body.toString()).toContain('Response payload size (104857600 bytes) exceeds');
  const next = await runtime.invoke('sample', Buffer.from('x'));
  expect([next.body.toString(), next.coldStart]).toEqual(['healthy', false]);
});
