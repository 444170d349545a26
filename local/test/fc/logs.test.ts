import { expect, it } from 'vitest';
import { invokeOnce, startFixture, writeFunction } from './fixture.ts';

const PREFIX = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z 1-[0-9a-f-]+ /;

it('prints console lines as Function Compute does, in order, and raw output untouched', async () => {
  const { result, runtime } = await invokeOnce(`exports.handler = async (event, context) => {
    console.log('one', { a: 1 }); console.warn('two\\nlines\\r\\nmore'); console.error(new Error('three').message);
    process.stdout.write('raw {"level":30}\\n'); console.debug('%d%%', 4);
    context.logger.info('five'); console.table([]); process.stdout.write('no line break');
  };`);
  const lines = runtime.logs('sample');
  expect(lines.map(({ text }) => text.replace(PREFIX, ''))).toEqual([
    '[info] one { a: 1 }',
    '[warn] two\rlines\rmore',
    '[error] three',
    'raw {"level":30}',
    '[debug] 4%',
    '[info] five',
    expect.stringContaining('[info] ┌'),
    'no line break',
  ]);
  expect(lines[0]?.text).toMatch(PREFIX);
  for (const line of lines)
    expect(line).toMatchObject({ requestId: result.requestId, stream: 'stdout' });
});

it('prints console.dir and console.trace as Node does', async () => {
  const { runtime } = await invokeOnce(`exports.handler = async function handler() {
    console.dir({ a: { b: 1 } }, { depth: 0 }); console.trace('where %s', 'from'); };`);
  const [dir, trace] = runtime.logs('sample').map(({ text }) => text.replace(PREFIX, ''));
  expect(dir).toBe('[info] { a: [Object] }');
  expect(trace).toMatch(/^\[error\] Trace: where from\r {4}at handler /);
});

it('cuts a console line at 32 KB without breaking a character', async () => {
  const { runtime } = await invokeOnce(
    `exports.handler = async () => { console.log('é'.repeat(20000)); console.log('next'); };`,
  );
  const [long, next] = runtime.logs('sample').map(({ text }) => text);
  expect(Buffer.byteLength(long ?? '')).toBeGreaterThan(32 * 1024 - 4);
  expect(Buffer.byteLength(long ?? '')).toBeLessThan(32 * 1024);
  expect(long).toMatch(/é$/);
  expect(next).toMatch(/next$/);
});

it('prints only what ALIYUN_FC_LOG_LEVEL or the logger lets through', async () => {
  const { runtime } = await invokeOnce(
    `exports.handler = async (event, { logger }) => {
       console.log('no'); console.warn('yes'); logger.info('no'); logger.setLogLevel('info'); logger.info('yes'); };`,
    { environmentVariables: { ALIYUN_FC_LOG_LEVEL: 'warn' } },
  );
  expect(runtime.logs('sample').map(({ text }) => text.replace(PREFIX, ''))).toEqual([
    '[warn] yes',
    '[info] yes',
  ]);
});

it('gives each line the id of its own request, on both streams', async () => {
  const { runtime } = await startFixture();
  await runtime.deploy(
    writeFunction(`exports.handler = async (event) => {
      console.log('out ' + event); process.stderr.write('err ' + event); };`),
  );
  for (const event of ['a', 'b', 'c'])
    await runtime.invoke('sample', Buffer.from(event), { requestId: `request-${event}` });

  const lines = runtime.logs('dev-sample');
  expect(lines).toHaveLength(6);
  for (const { text, requestId } of lines) expect(requestId).toBe(`request-${text.at(-1)}`);
  expect(lines.filter(({ stream }) => stream === 'stderr').map(({ text }) => text)).toEqual([
    'err a',
    'err b',
    'err c',
  ]);
});

it('has every line of a request when its answer comes, however much it prints', async () => {
  const { runtime, lines } = await startFixture();
  await runtime.deploy(
    writeFunction(`const { writeSync } = require('node:fs');
      const { spawnSync } = require('node:child_process');
      exports.handler = async (event) => {
        const line = 'x'.repeat(1000) + ' ' + event;
        for (let n = 0; n < 500; n++) { console.log(line); process.stderr.write(line + '\\n'); }
        spawnSync('echo', ['of a child ' + event], { stdio: 'inherit' });
        writeSync(2, 'at once ' + event + '\\n'); };`),
  );
  for (const event of ['a', 'b', 'c', 'd', 'e']) {
    lines.length = 0;
    await runtime.invoke('sample', Buffer.from(event), { requestId: `request-${event}` });
    expect(lines).toHaveLength(1002);
    for (const { text, requestId } of lines) expect(requestId).toBe(`request-${text.at(-1)}`);
  }
});

it('has all that a function printed when it closed its own output', async () => {
  const { result, lines } = await invokeOnce(`exports.handler = async () => {
      process.stdout.end(('x'.repeat(999) + '\\n').repeat(3000)); return 'done'; };`);
  expect(result.body.toString()).toBe('done');
  expect(lines).toHaveLength(3000);
  expect(lines.every(({ requestId }) => requestId === result.requestId)).toBe(true);
});

it('answers when the function has closed its own output', async () => {
  const { text } = await invokeOnce(
    `exports.handler = async () => { process.stdout.end(); process.stderr.cork(); console.log('lost'); return 'done'; };`,
  );
  expect(text).toContain('done');
});

it('keeps the last thousand lines', async () => {
  const { runtime } = await invokeOnce(
    `exports.handler = async () => { for (let nth = 0; nth < 1500; nth++) process.stdout.write(nth + '\\n'); };`,
  );
  const lines = runtime.logs('sample');
  expect(lines).toHaveLength(1000);
  expect(lines.at(-1)?.text).toBe('1499');
});
