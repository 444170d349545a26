import { expect, it } from 'vitest';
import { until } from '#src/testing/until';
import { startFixture, writeFunction } from './fixture.ts';

it('a removed function is not found any more, and finishes its work', async () => {
  const { runtime, printed } = await startFixture();
  const code = `exports.handler = async (event) => {
    console.log('began');
    await new Promise((done) => setTimeout(done, 300));
    return event;
  };`;
  await runtime.deploy(writeFunction(code));
  const running = runtime.invoke('sample', Buffer.from('tea'));
  await printed('began');
  runtime.remove('sample');
  await expect(runtime.invoke('sample', Buffer.alloc(0))).rejects.toMatchObject({
    code: 'FunctionNotFound',
  });
  expect((await running).body.toString()).toBe('tea');
  runtime.remove('sample');
});

it('an asynchronous invocation whose function is gone ends with that', async () => {
  const { runtime, clock, printed } = await startFixture();
  await runtime.deploy(writeFunction(`exports.handler = async () => { throw new Error('no'); };`));
  runtime.invokeAsync('sample', Buffer.from('tea'));
  await printed('retry 1 of 3');
  runtime.remove('sample');
  await clock.advance(1000);
  await printed('does not exist');
  await until(() => clock.pending === 0);
});
