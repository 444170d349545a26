import { describe, expect, it } from 'vitest';
import { invokeOnce, isRunning, startFixture, writeFunction } from './fixture.ts';

describe('a failed invocation', () => {
  it('reports what a handler throws, and keeps the instance', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(`let calls = 0;
        exports.handler = async () => { if (++calls === 1) throw new TypeError('oops'); return calls; };`),
    );
    const failed = await runtime.invoke('sample', Buffer.alloc(0));
    expect(failed.errorType).toBe('UnhandledInvocationError');
    expect(JSON.parse(failed.body.toString())).toEqual({
      errorMessage: 'oops',
      errorType: 'TypeError',
      stackTrace: expect.arrayContaining([
        'TypeError: oops',
        expect.stringMatching(/^ {4}at exports\.handler .*index\.js:2:/),
      ]),
    });
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('2');
  });

  it('distinguishes an error given to the callback from one that was thrown', async () => {
    const { result, text } = await invokeOnce(
      'exports.handler = (event, context, callback) => callback("no stock");',
    );
    expect(result.errorType).toBe('HandledInvocationError');
    expect(JSON.parse(text).errorMessage).toBe('no stock');
  });

  it('reports a result that has no JSON', async () => {
    const { result, text } = await invokeOnce(
      'exports.handler = async () => { const a = {}; a.a = a; return a; };',
    );
    expect(result.errorType).toBe('UnhandledInvocationError');
    expect(JSON.parse(text).errorMessage).toContain('circular');
  });

  it.each([
    ['a stray rejection', 'Promise.reject(new RangeError("stray")); await new Promise(() => {});'],
    [
      'a rejection that is left to itself in the last step',
      'Promise.reject(new RangeError("stray")); return "done";',
    ],
    [
      'an uncaught exception',
      'setImmediate(() => { throw new RangeError("stray"); }); await new Promise(() => {});',
    ],
    [
      'the error of a stream that reports it after the handler has returned',
      'new (require("node:stream").Readable)().destroy(new RangeError("stray")); return "done";',
    ],
  ])(
    'reports %s and takes a new instance next, in its first call and a later one',
    async (_, statements) => {
      const { runtime } = await startFixture();
      await runtime.deploy(
        writeFunction(`exports.handler = async (event) => {
        if (event.length) return 'healthy';
        ${statements} };`),
      );
      for (let nth = 0; nth < 2; nth++) {
        const failed = await runtime.invoke('sample', Buffer.alloc(0));
        expect(failed.coldStart).toBe(nth === 0);
        expect(failed.errorType).toBe('UnhandledInvocationError');
        expect(JSON.parse(failed.body.toString())).toMatchObject({
          errorMessage: 'stray',
          errorType: 'RangeError',
        });
        const next = await runtime.invoke('sample', Buffer.from('x'));
        expect(next.body.toString()).toBe('healthy');
        expect(next.coldStart).toBe(true);
      }
    },
  );

  it('reports a process that exits in the midst of a request', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(`exports.handler = async (event) => {
        console.log('last words'); if (!event.length) process.exit(0); return 'healthy'; };`),
    );
    const failed = await runtime.invoke('sample', Buffer.alloc(0));
    expect(failed.errorType).toBe('UnhandledInvocationError');
    const { errorMessage, ...rest } = JSON.parse(failed.body.toString());
    expect(errorMessage).toMatch(
      /^Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: [1-9]\d*MB\)$/,
    );
    expect(rest).toEqual({});
    expect(runtime.logs('sample')).toMatchObject([
      { text: expect.stringContaining('last words'), requestId: failed.requestId },
    ]);
    expect((await runtime.invoke('sample', Buffer.from('x'))).body.toString()).toBe('healthy');
  });

  it('kills an endless loop at the timeout', async () => {
    const { runtime, clock, printed } = await startFixture();
    await runtime.deploy(
      writeFunction(`exports.handler = async (event) => {
        if (event.length) return 'healthy';
        console.log('looping ' + process.pid); for (;;) {} };`),
    );
    const invocation = runtime.invoke('sample', Buffer.alloc(0));
    const pid = Number((await printed('looping')).text.split(' ').pop());
    await clock.advance(2999);
    expect(isRunning(pid)).toBe(true);
    await clock.advance(1);

    const result = await invocation;
    expect(result.errorType).toBe('UnhandledInvocationError');
    expect(result.body.toString()).toMatch(/Function timed out after 3 seconds/);
    expect(isRunning(pid)).toBe(false);
    expect((await runtime.invoke('sample', Buffer.from('x'))).body.toString()).toBe('healthy');
  });

  it('reports a handler that runs out of heap', async () => {
    const { result, text } = await invokeOnce(
      'exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); };',
      { memorySize: 128 },
    );
    expect(result.errorType).toBe('UnhandledInvocationError');
    expect(text).toContain('Process exited unexpectedly');
  });

  it.each([
    ['has a syntax error', 'exports.handler = async () => {', /Unexpected/],
    ['throws while loading', 'throw new Error("no table");', /^no table$/],
    [
      'lacks the export',
      'exports.other = 1;',
      /^Handler 'handler' is missing on module '.*index\.js', which exports other: .*another under handler in s\.yaml$/,
    ],
  ])('reports a bundle that %s', async (_, code, message) => {
    const { result, text, lines } = await invokeOnce(code);
    expect(result.errorType).toBe('UnhandledInvocationError');
    expect(JSON.parse(text).errorMessage).toMatch(message);
    expect(lines.some((line) => line.text.includes('[error]'))).toBe(true);
  });

  it('refuses to deploy without the bundle, naming the file and the remedy', async () => {
    const { runtime } = await startFixture();
    const spec = writeFunction('', { file: 'other.js' });
    await expect(runtime.deploy(spec)).rejects.toMatchObject({
      code: 'CodeNotFound',
      message: `Function "dev-sample" (s.yaml:7) has no code: ${spec.codeDir}/index{.js,.mjs,.cjs} is missing`,
      remedy: 'put the built code there, or name its folder under code',
    });
    const built = { ...spec, buildCommands: ['npm ci', 'npm run build'] };
    await expect(runtime.deploy(built)).rejects.toMatchObject({
      remedy: 'build it as s.yaml does before a deployment: npm ci && npm run build',
    });
    await expect(runtime.invoke('sample', Buffer.alloc(0))).rejects.toMatchObject({
      code: 'FunctionNotFound',
    });
  });
});
