import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { invokeOnce, startFixture, writeFunction } from './fixture.ts';

const ROLE = { accessKeyId: 'STS.key', accessKeySecret: 'role-secret', securityToken: 'token' };

describe('what a handler is given', () => {
  it('gets the event as a Buffer and the context built from the headers', async () => {
    const { text, result } = await invokeOnce(
      `exports.handler = async (event, context) => ({
         isBuffer: Buffer.isBuffer(event), event: event.toString(), context,
         logger: Object.keys(context.logger).sort().join() });`,
      { memorySize: 512, timeout: 9 },
      { issueCredentials: () => ROLE },
    );

    const { context, ...rest } = JSON.parse(text);
    expect(rest).toEqual({
      isBuffer: true,
      event: '{"order":1}',
      logger: 'debug,error,info,log,logLevel,requestId,setLogLevel,warn',
    });
    expect(context).toEqual({
      requestId: result.requestId,
      credentials: ROLE,
      function: { name: 'dev-sample', handler: 'index.handler', memory: 512, timeout: 9 },
      service: { qualifier: 'LATEST' },
      region: 'cn-hangzhou',
      accountId: '1234567890',
      logger: { requestId: result.requestId, logLevel: 'debug' },
      retryCount: 0,
      tracing: {},
    });
    expect(result.requestId).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}$/);
  });

  it('gets no credentials without a role', async () => {
    const { text } = await invokeOnce(
      `exports.handler = async (event, context) => [context.credentials === undefined,
         'ALIBABA_CLOUD_ACCESS_KEY_ID' in process.env];`,
    );
    expect(text).toBe('[true,false]');
  });

  it('gets another credential on each invocation while the environment keeps the first', async () => {
    let issued = 0;
    const { runtime } = await startFixture({
      issueCredentials: () => ({ ...ROLE, accessKeyId: `STS.${++issued}` }),
    });
    await runtime.deploy(
      writeFunction(`exports.handler = async (event, { credentials }) =>
        credentials.accessKeyId + ' ' + process.env.ALIBABA_CLOUD_ACCESS_KEY_ID;`),
    );
    const seen = [];
    for (let nth = 0; nth < 3; nth++)
      seen.push((await runtime.invoke('sample', Buffer.alloc(0))).body.toString());

    const [[, atStart]] = seen.map((text) => text.split(' ')) as [string[]];
    expect(new Set(seen.map((text) => text.split(' ')[0])).size).toBe(3);
    expect(seen.every((text) => text.endsWith(` ${atStart}`))).toBe(true);
  });

  it('sees the variables of Function Compute, of the function and of the local cloud, and none of the developer', async () => {
    process.env.DEVELOPER_SECRET = 'must-not-leak';
    const spec = { environmentVariables: { QUEUE_NAME: 'orders', OSS_ENDPOINT: 'http://old' } };
    const { text } = await invokeOnce('exports.handler = async () => process.env;', spec, {
      environment: { OSS_ENDPOINT: 'http://127.0.0.1:9' },
      issueCredentials: () => ROLE,
    });
    delete process.env.DEVELOPER_SECRET;

    const environment = JSON.parse(text);
    expect(environment).toMatchObject({
      QUEUE_NAME: 'orders',
      OSS_ENDPOINT: 'http://127.0.0.1:9',
      TZ: 'UTC',
      FC_FUNC_CODE_PATH: expect.stringMatching(/\/code\/1$/),
      FC_ACCOUNT_ID: '1234567890',
      FC_FUNCTION_HANDLER: 'index.handler',
      FC_FUNCTION_MEMORY_SIZE: '256',
      FC_FUNCTION_NAME: 'dev-sample',
      FC_REGION: 'cn-hangzhou',
      FC_INSTANCE_ID: expect.stringMatching(/^c-/),
      FC_VER_ID: 'LATEST',
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.key',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'role-secret',
      ALIBABA_CLOUD_SECURITY_TOKEN: 'token',
    });
    const others = Object.keys(environment).filter(
      (name) => !/^(FC_|ALIBABA_CLOUD_|QUEUE_NAME$|OSS_ENDPOINT$)/.test(name),
    );
    expect(others.sort()).toEqual(['HOME', 'PATH', 'TZ']);
    expect(environment.HOME).not.toBe(process.env.HOME);
  });

  it("starts Node in the code folder with Function Compute's flags", async () => {
    const { text } = await invokeOnce(
      `exports.handler = async () => ({ flags: process.execArgv, gc: typeof gc,
         here: process.cwd() === process.env.FC_FUNC_CODE_PATH });`,
      { memorySize: 512 },
    );
    expect(JSON.parse(text)).toEqual({
      flags: ['--max-old-space-size=460', '--max-http-header-size=16384', '--expose-gc'],
      gc: 'function',
      here: true,
    });
  });
});

describe('what a handler gives back', () => {
  it.each([
    ['a Buffer, as it is', 'Buffer.from([0, 255, 10])', Buffer.from([0, 255, 10])],
    ['an object, as JSON', '({ a: [1, null] })', Buffer.from('{"a":[1,null]}')],
    ['a string, as it is', '"é"', Buffer.from('é')],
    ['a number, as text', '12.5', Buffer.from('12.5')],
    ['false, as text', 'false', Buffer.from('false')],
    ['null, as nothing', 'null', Buffer.alloc(0)],
    ['undefined, as nothing', 'undefined', Buffer.alloc(0)],
  ])('answers %s', async (_, value, expected) => {
    const { result } = await invokeOnce(`exports.handler = async () => ${value};`);
    expect(result.errorType).toBeUndefined();
    expect(result.body).toEqual(expected);
  });

  it.each([
    [
      'a callback',
      'exports.handler = (event, context, callback) => setImmediate(callback, null, "done");',
    ],
    ['a promise', 'exports.handler = () => Promise.resolve("done");'],
    ['a plain return', 'exports.handler = () => "done";'],
  ])('takes the result of %s', async (_, code) => {
    expect((await invokeOnce(code)).text).toBe('done');
  });

  it.each([
    ['index.mjs', 'export const handler = async () => "es";', 'index.handler'],
    ['index.cjs', 'exports.handler = async () => "es";', 'index.handler'],
    ['nested/main.mjs', 'await null; export const run = async () => "es";', 'nested/main.run'],
  ])('loads %s', async (file, code, handler) => {
    expect((await invokeOnce(code, { file, handler })).text).toBe('es');
  });

  it('loads index.js as an ES module when package.json says so', async () => {
    const { runtime } = await startFixture();
    const spec = writeFunction('export const handler = async () => import.meta.url;');
    writeFileSync(join(spec.codeDir, 'package.json'), '{"type":"module"}');
    await runtime.deploy(spec);
    const result = await runtime.invoke('sample', Buffer.alloc(0));
    expect(result.body.toString()).toMatch(/^file:.*index\.js$/);
  });

  it('refuses an answer over 32 MB and runs on', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(
      writeFunction(
        `let calls = 0;
         exports.handler = async () => ++calls === 1 ? Buffer.alloc(40 * 1024 * 1024) : 'small ' + calls;`,
      ),
    );
    const large = await runtime.invoke('sample', Buffer.alloc(0));
    expect(large.errorType).toBe('UnhandledInvocationError');
    expect(JSON.parse(large.body.toString()).errorMessage).toBe(
      'Response payload size (41943040 bytes) exceeds maximum allowed size (33554432 bytes)',
    );
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('small 2');
  });

  it('passes an event and an answer of 32 MB, and refuses an event of more', async () => {
    const { runtime } = await startFixture();
    await runtime.deploy(writeFunction('exports.handler = async (event) => event;'));
    const event = Buffer.alloc(32 * 1024 * 1024, 7);
    expect((await runtime.invoke('sample', event)).body.equals(event)).toBe(true);
    await expect(runtime.invoke('sample', Buffer.alloc(event.length + 1))).rejects.toMatchObject({
      code: 'EntityTooLarge',
      status: 400,
    });
  });
});
