import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFixture, writeFunction } from './fixture.ts';

const INSPECT = { inspect: { functionName: 'sample', port: 0 } };

it('an inspected function listens for a debugger', async () => {
  const { runtime, printed } = await startFixture(INSPECT);
  await runtime.deploy(writeFunction('exports.handler = async () => "done";'));
  await runtime.invoke('sample', Buffer.alloc(0));
  const { text } = await printed('Debugger listening on ws://');
  const [, address] = /ws:\/\/(127\.0\.0\.1:\d+)\//.exec(text) ?? [];
  const targets: unknown = await (await fetch(`http://${address}/json/list`)).json();
  expect(targets).toMatchObject([{ type: 'node', webSocketDebuggerUrl: expect.any(String) }]);
});

it('an inspected function has one instance, no time limit, and goes on between invocations', async () => {
  const { runtime, clock, printed } = await startFixture(INSPECT);
  const code = `const { existsSync } = require('node:fs');
  exports.handler = async (event) => {
    console.log('began');
    while (!existsSync('release')) await new Promise((go) => setTimeout(go, 2));
    setTimeout(() => console.log('afterwards ' + event), 10);
    return String(process.pid);
  };`;
  const fn = writeFunction(code, { timeout: 1 });
  await runtime.deploy(fn);
  const both = Promise.all(['1', '2'].map((event) => runtime.invoke('sample', Buffer.from(event))));
  await printed('began');
  await clock.advance(60_000);
  writeFileSync(join(fn.codeDir, 'release'), '');
  const [first, second] = await both;
  expect(first?.errorType).toBeUndefined();
  expect(second?.body.toString()).toBe(first?.body.toString());
  await printed('afterwards 2');
});

/** Asks the debugger of its own process for the source map of its own file. */
const OWN_SOURCE_MAP = `const { Session } = require('node:inspector');
exports.handler = async () => {
  const session = new Session();
  session.connect();
  let url = '';
  session.on('Debugger.scriptParsed', ({ params }) => {
    if (params.url.endsWith('/index.js')) url = params.sourceMapURL;
  });
  session.post('Debugger.enable');
  session.disconnect();
  return url;
};`;

it('an inspected function shows its sources by the map that the build leaves beside its folder', async () => {
  const { runtime } = await startFixture(INSPECT);
  const fn = writeFunction(OWN_SOURCE_MAP);
  const map = { version: 3, sources: ['../../functions/sample/index.ts'], mappings: 'AAAA' };
  writeFileSync(`${fn.codeDir}.js.map`, JSON.stringify(map));
  onTestFinished(() => rmSync(`${fn.codeDir}.js.map`));
  await runtime.deploy(fn);
  const { body } = await runtime.invoke('sample', Buffer.alloc(0));
  const [kind, base64 = ''] = body.toString().split(',');
  expect(kind).toBe('data:application/json;base64');
  expect(JSON.parse(Buffer.from(base64, 'base64').toString())).toEqual(map);
});

it('another function gets no map', async () => {
  const { runtime } = await startFixture();
  const fn = writeFunction(OWN_SOURCE_MAP);
  writeFileSync(`${fn.codeDir}.js.map`, '{}');
  onTestFinished(() => rmSync(`${fn.codeDir}.js.map`));
  await runtime.deploy(fn);
  expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('');
});
