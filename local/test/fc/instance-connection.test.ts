import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InstanceConnection } from '#src/fc/instance-connection';
import { folderOf } from '#test/temporary-folder';

/** Serves as an instance: `answer` gets each connection once the head of a call has come. */
async function instance(answer: (socket: Socket) => void): Promise<InstanceConnection> {
  const server = createServer((socket) => {
    socket.setNoDelay().on('error', () => {});
    socket.on('data', (data) => data.includes('\r\n\r\n') && answer(socket));
  });
  const path =
    process.platform === 'win32' ? `\\\\.\\pipe\\fc-${process.pid}` : join(folderOf(), 'i.sock');
  await once(server.listen(path), 'listening');
  const connection = new InstanceConnection(path);
  onTestFinished(() => {
    connection.destroy();
    server.close();
  });
  return connection;
}

const CALL = { path: '/invoke', headers: {}, body: Buffer.alloc(0) };
const ANSWER =
  'HTTP/1.1 200 OK\r\ncontent-length: 7\r\nx-fc-max-memory-usage: 42\r\nx-local-spent: 1\r\n\r\n{"a":1}';

describe('the connection to an instance', () => {
  it('reads an answer that comes in two pieces, wherever it is cut', async () => {
    let cut = 0;
    const connection = await instance((socket) => {
      socket.write(ANSWER.slice(0, cut));
      setImmediate(() => setImmediate(() => socket.write(ANSWER.slice(cut))));
    });
    for (cut = 1; cut < ANSWER.length; cut++) {
      const { outcome, ...rest } = await connection.call(CALL);
      expect(outcome).toEqual({ body: Buffer.from('{"a":1}') });
      expect(rest).toEqual({ maxMemoryMb: 42, spent: true, waits: false });
    }
  });

  it('reads an answer that comes byte by byte', async () => {
    const connection = await instance(async (socket) => {
      for (const char of ANSWER) await new Promise<void>((go) => socket.write(char, () => go()));
    });
    expect((await connection.call(CALL)).outcome.body.toString()).toBe('{"a":1}');
  });

  it.each([
    ['ends within its head', ANSWER.slice(0, 30)],
    ['ends within its body', ANSWER.slice(0, -1)],
    ['is missing', ''],
  ])('fails for an answer that %s, and then connects again', async (_, part) => {
    let nth = 0;
    const connection = await instance((socket) => {
      if (nth++ === 0) socket.end(part);
      else socket.write(ANSWER);
    });
    await expect(connection.call(CALL)).rejects.toThrow('before it had answered');
    expect((await connection.call(CALL)).outcome.body.toString()).toBe('{"a":1}');
  });

  it('fails for an answer that Node gives in place of the program, not taking it for an empty one', async () => {
    const connection = await instance((socket) => {
      socket.end('HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n');
    });
    await expect(connection.call(CALL)).rejects.toThrow('before it had answered');
  });
});
