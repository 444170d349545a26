import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const ASK = `
import { createServer } from 'node:net';
import { exchange } from './exchange.ts';
import { KeptConnections } from './kept-connections.ts';
const connections = new KeptConnections();
const isLoaded = () => process.moduleLoadList.includes('NativeModule https');
/** What a client begins with that is given an address of that scheme. */
const firstByte = (scheme) => new Promise((resolve) => {
  const server = createServer((socket) => socket.once('data', (data) => {
    resolve(data[0]);
    socket.destroy();
    server.close();
  }));
  server.listen(0, '127.0.0.1', () => {
    const origin = scheme + '://127.0.0.1:' + server.address().port;
    const outgoing = { method: 'GET', path: '/', headers: {}, timeoutMs: 60_000, maxBytes: 1 };
    exchange(connections, origin, outgoing).catch(() => {});
  });
});
(async () => {
  const seen = [await firstByte('http'), isLoaded(), await firstByte('https'), isLoaded()];
  console.log(JSON.stringify(seen));
})();`;

it('kept connections load no https for an http address, and speak it to an https address', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: ASK,
      resolveDir: fileURLToPath(new URL('../../src/net/', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  });
  const code = outputFiles[0]?.text ?? '';
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', code], { env: {} });
  const [HTTP, HANDSHAKE] = ['G'.charCodeAt(0), 22];
  expect(JSON.parse(stdout)).toEqual([HTTP, false, HANDSHAKE, true]);
});
