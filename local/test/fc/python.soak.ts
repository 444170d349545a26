import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Pythons } from '#src/fc/python';
import type { RuntimeOptions } from '#src/fc/runtime';
import type { FunctionSpec } from '#src/project/types';
import { invokeOnce, startFixture, writeFunction } from './fixture.ts';

const PYTHON = { file: 'index.py', runtime: 'python3.10', runtimeKind: 'python' } as const;

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return process.platform !== 'win32';
  } catch {
    return false;
  }
}

const invoke = (
  code: string,
  spec: Partial<FunctionSpec> = {},
  options: Partial<RuntimeOptions> = {},
) => invokeOnce(code, { ...PYTHON, ...spec }, options);

describe.skipIf(!hasPython())('a Python function (python3 is needed)', () => {
  it('gets the event as bytes, and the documented context', async () => {
    const code = `import json
def handler(event, context):
    c, f, s = context.credentials, context.function, context.service
    return [type(event).__name__, json.loads(event), c.access_key_id, c.access_key_secret,
        c.security_token, f.name, f.handler, f.timeout, s.qualifier, context.region,
        context.account_id, len(context.request_id) > 0, context.tracing.span_baggages]`;
    const credentials = { accessKeyId: 'id', accessKeySecret: 'key', securityToken: 'token' };
    const { text } = await invoke(code, {}, { issueCredentials: () => credentials });
    expect(JSON.parse(text)).toEqual([
      ...['bytes', { order: 1 }, 'id', 'key', 'token', 'dev-sample', 'index.handler', 3],
      ...['LATEST', 'cn-hangzhou', '1234567890', true, {}],
    ]);
  });

  it('of python3.12 has a context without credentials, as documented', async () => {
    const code = `def handler(event, context):
    return [hasattr(context, 'credentials'), context.function.qualifier, context.log_project]`;
    const { text } = await invoke(code, { runtime: 'python3.12' });
    expect(JSON.parse(text)).toEqual([false, 'LATEST', '']);
  });

  it.each([
    ['bytes as they are', "b'\\xff'", 'ff'],
    ['text', "'é'", 'c3a9'],
    ['JSON for a dict', "{'a': 1}", Buffer.from('{"a": 1}').toString('hex')],
    ['nothing for None', 'None', ''],
  ])('answers with %s', async (_, value, hex) => {
    const { result } = await invoke(`def handler(event, context):\n    return ${value}`);
    expect(result.errorType).toBeUndefined();
    expect(result.body.toString('hex')).toBe(hex);
  });

  it('prints and logs with the request id', async () => {
    const code = `import logging
def handler(event, context):
    print('printed')
    logging.getLogger().info('logged\\ntwice')
    logging.debug('not logged')`;
    const { lines, result } = await invoke(code);
    const { requestId } = result;
    expect(lines).toMatchObject([
      { text: 'printed', requestId, stream: 'stdout' },
      { text: expect.stringMatching(/^\d{4}-\S+Z \S+ \[INFO\] logged\rtwice$/), requestId },
    ]);
    expect(lines[1]?.text).toContain(requestId);
  });

  it('fails with message, type and stackTrace', async () => {
    const code = "def handler(event, context):\n    raise ValueError('no such order')";
    const { result, text } = await invoke(code);
    expect(result.errorType).toBe('UnhandledInvocationError');
    expect(JSON.parse(text)).toEqual({
      errorMessage: 'no such order',
      errorType: 'ValueError',
      stackTrace: [
        [
          expect.stringMatching(/^File ".*\/index\.py"$/),
          'line 2',
          'in handler',
          "raise ValueError('no such order')",
        ],
      ],
    });
  });

  it.each([
    ['has a syntax error', 'def handler(', /was never closed|EOF/, 'SyntaxError'],
    [
      'imports what is not there',
      'import nowhere_at_all',
      /No module named/,
      'ModuleNotFoundError',
    ],
    [
      'lacks the handler',
      'x = 1',
      /^Handler 'handler' is missing on module 'index'/,
      'AttributeError',
    ],
  ])('that %s says so', async (_, code, message, errorType) => {
    const { text } = await invoke(code);
    expect(JSON.parse(text)).toMatchObject({
      errorMessage: expect.stringMatching(message),
      errorType,
    });
  });

  it('that exits is reported, and a new instance takes the next event', async () => {
    const code = `import sys
def handler(event, context):
    if event: sys.exit(3)
    return 'ok'`;
    const { runtime, text } = await invoke(code);
    expect(JSON.parse(text).errorMessage).toMatch(/^Process exited unexpectedly/);
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('ok');
  });

  it('is initialized once, keeps its modules warm, and is notified of its end', async () => {
    const code = `count = 0
def initialize(context):
    global count
    count = 100
def stop(context):
    print('stopped at %d' % count)
def handler(event, context):
    global count
    count += 1
    return count`;
    const hooks = {
      initializer: { handler: 'index.initialize', timeout: 3 },
      preStop: { handler: 'index.stop', timeout: 3 },
    };
    const { runtime, text, printed } = await invoke(code, hooks);
    expect(text).toBe('101');
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('102');
    await runtime.close();
    await printed('stopped at 102');
  });

  it('imports its own modules, in folders too, and its handler may be in one', async () => {
    const { runtime } = await startFixture();
    const fn = writeFunction("ANSWER = 'own'", { ...PYTHON, file: 'lib/answer.py' });
    const { codeDir } = writeFunction(
      'from lib.answer import ANSWER\ndef run(event, context):\n    return ANSWER',
      { file: 'src/main.py' },
    );
    cpSync(codeDir, fn.codeDir, { recursive: true });
    await runtime.deploy({ ...fn, handler: 'src/main.run' });
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('own');
  });

  it('is ended by its timeout', async () => {
    const { runtime, clock, printed } = await startFixture();
    const code =
      "import time\ndef handler(event, context):\n    print('began')\n    time.sleep(600)";
    await runtime.deploy(writeFunction(code, PYTHON));
    const running = runtime.invoke('sample', Buffer.alloc(0));
    await printed('began');
    await clock.advance(3000);
    expect((await running).body.toString()).toContain('timed out after 3 seconds');
  });

  it('without its file is refused at deployment', async () => {
    const { runtime } = await startFixture();
    const fn = writeFunction('', { ...PYTHON, file: 'other.py' });
    await expect(runtime.deploy(fn)).rejects.toMatchObject({
      code: 'CodeNotFound',
      message: expect.stringMatching(/\/index\.py is missing$/),
    });
  });
});

it('a Python function is refused, by name, where no Python is', async () => {
  const { PATH } = process.env;
  process.env.PATH = '/nowhere';
  try {
    const fn = writeFunction('', PYTHON);
    await expect(new Pythons().of(fn)).rejects.toMatchObject({
      code: 'RuntimeNotHere',
      message: expect.stringContaining('Function "dev-sample" (s.yaml:7)'),
    });
  } finally {
    process.env.PATH = PATH;
  }
});
