import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { startTestCloud } from '#src/testing/test-cloud';
import { until } from '#src/testing/until';

const S_YAML = `edition: 3.0.0
name: hello
access: default
resources:
  hello:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: hello
      runtime: nodejs20
      handler: index.handler
      code: ./code
`;

/** Opens a connection and sends the text, and the other text once there is an answer. */
function open(url: string, text: string, next = ''): { closed: boolean } {
  const connection = { closed: false };
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('data', () => {}); // without it the end would not be seen
  socket.once('data', () => socket.write(next));
  socket.on('error', () => {}); // a reset: it is closed
  socket.on('close', () => {
    connection.closed = true;
  });
  socket.write(text);
  return connection;
}

it('every server of the local cloud closes clients whose head or body does not come', async () => {
  const project = mkdtempSync(join(tmpdir(), 'servers-'));
  onTestFinished(() => rmSync(project, { recursive: true }));
  writeFileSync(join(project, 's.yaml'), S_YAML);
  mkdirSync(join(project, 'code'));
  writeFileSync(join(project, 'code/index.js'), 'exports.handler = async () => "hello";');
  const clock = new DrivenClock();
  const ports = { smqPort: 0, ossPort: 0, openapiPort: 0, fcPort: 0, consolePort: 0 };
  const cloud = await startTestCloud({ project, clock, console: true, ...ports });
  onTestFinished(() => cloud.close());
  const { smq, oss, openapi, fc, console: page } = cloud;
  const urls = [smq, oss, openapi, fc, page].map((service) => service?.url ?? '');
  const slow = urls.flatMap((url) => [
    open(url, 'GET / HTTP/1.1\r\nHost: 127'),
    open(url, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', 'GET / HTT'),
    open(url, 'POST /a/b/c HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nsome'),
  ]);
  let tries = 0;
  await until(async () => {
    // Between two leaps of the clock the servers must check their clients.
    if (tries++ % 300 === 0) await clock.advance(61_000);
    return slow.every(({ closed }) => closed);
  });
});
