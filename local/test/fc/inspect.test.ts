import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { FunctionSpec } from '#src/project/types';
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
    while (!existsSync(process.env.RELEASE)) await new Promise((go) => setTimeout(go, 2));
    setTimeout(() => console.log('afterwards ' + event), 10);
    return String(process.pid);
  };`;
  const release = join(mkdtempSync(join(tmpdir(), 'fc-release-')), 'release');
  onTestFinished(() => rmSync(dirname(release), { recursive: true }));
  const fn = writeFunction(code, { timeout: 1, environmentVariables: { RELEASE: release } });
  await runtime.deploy(fn);
  const both = Promise.all(['1', '2'].map((event) => runtime.invoke('sample', Buffer.from(event))));
  await printed('began');
  await clock.advance(60_000);
  writeFileSync(release, '');
  const [first, second] = await both;
  expect(first?.errorType).toBeUndefined();
  expect(second?.body.toString()).toBe(first?.body.toString());
  await printed('afterwards 2');
});

/**
 * Attaches to the debugger at that WebSocket address, and lets it run. Node listens before it waits: asked
 * in between, it answers and then waits all the same, so it is asked until the test has ended.
 */
function attach(address: string): void {
  const { port, pathname } = new URL(address.replace(/^ws/, 'http'));
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  };
  request({ host: '127.0.0.1', port, path: pathname, headers })
    .on('upgrade', (_, socket) => {
      const message = Buffer.from('{"id":1,"method":"Runtime.runIfWaitingForDebugger"}');
      // One short text frame, with a mask of zeros.
      const frame = Buffer.from([0x81, 0x80 | message.length, 0, 0, 0, 0, ...message]);
      const asking = setInterval(() => socket.write(frame), 20);
      socket.resume().on('error', () => {});
      onTestFinished(() => {
        clearInterval(asking);
        socket.destroy();
      });
    })
    .end();
}

it('an inspected function that waits runs nothing until a debugger is attached', async () => {
  const waits = { inspect: { ...INSPECT.inspect, waits: true } };
  const { runtime, clock, lines, printed } = await startFixture(waits);
  await runtime.deploy(writeFunction("exports.handler = async () => console.log('began');"));
  const running = runtime.invoke('sample', Buffer.alloc(0));
  const { text } = await printed('Debugger listening on ws://');
  await clock.advance(600_000);
  expect(lines.filter((line) => line.text.includes('began'))).toEqual([]);
  attach(/ws:\/\/\S+/.exec(text)?.[0] ?? '');
  await printed('began');
  expect((await running).errorType).toBeUndefined();
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

const MAP = { version: 3, sources: ['../../functions/sample/index.ts'], mappings: 'AAAA' };

async function mapSeenBy(fn: FunctionSpec) {
  const { runtime } = await startFixture(INSPECT);
  await runtime.deploy(fn);
  const { body } = await runtime.invoke('sample', Buffer.alloc(0));
  const [kind, base64 = ''] = body.toString().split(',');
  expect(kind).toBe('data:application/json;base64');
  return JSON.parse(Buffer.from(base64, 'base64').toString());
}

it('an inspected function shows its sources by the map that the build leaves beside its folder', async () => {
  const fn = writeFunction(OWN_SOURCE_MAP);
  writeFileSync(`${fn.codeDir}.js.map`, JSON.stringify(MAP));
  onTestFinished(() => rmSync(`${fn.codeDir}.js.map`));
  const source = pathToFileURL(join(fn.codeDir, '../../functions/sample/index.ts')).href;
  expect(await mapSeenBy(fn)).toEqual({ ...MAP, sources: [source] });
});

it('an inspected function shows its sources by the map that its own comment names', async () => {
  const fn = writeFunction(`${OWN_SOURCE_MAP}\n//# sourceMappingURL=maps/index.js.map\n`);
  mkdirSync(join(fn.codeDir, 'maps'));
  const map = { ...MAP, sourceRoot: '..', sources: ['src/index.ts'] };
  writeFileSync(join(fn.codeDir, 'maps/index.js.map'), JSON.stringify(map));
  const source = pathToFileURL(join(fn.codeDir, 'src/index.ts')).href;
  expect(await mapSeenBy(fn)).toEqual({ ...MAP, sources: [source] });
});

it('an inspected function without a map shows the file that its code is copied from, line by line', async () => {
  const fn = writeFunction(OWN_SOURCE_MAP);
  expect(await mapSeenBy(fn)).toMatchObject({
    sources: [pathToFileURL(join(fn.codeDir, 'index.js')).href],
    mappings: `AAAA${';AACA'.repeat(OWN_SOURCE_MAP.split('\n').length - 1)}`,
  });
});

it('another function gets no map', async () => {
  const { runtime } = await startFixture();
  const fn = writeFunction(OWN_SOURCE_MAP);
  writeFileSync(`${fn.codeDir}.js.map`, '{}');
  onTestFinished(() => rmSync(`${fn.codeDir}.js.map`));
  await runtime.deploy(fn);
  expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('');
});
