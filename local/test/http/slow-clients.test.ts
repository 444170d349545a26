import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { close, listen } from '#src/http/listen';
import { watchClients } from '#src/http/slow-clients';
import { until } from '#src/testing/until';
import { startTestCloud } from '#test/oss/helpers';

let server: Server;
let clock: DrivenClock;
let look: () => void;
let received: number;
let heads: number;
let reads: boolean;
let answers: boolean;
let answersEarly: boolean;
let reply: string;
let client: Socket;
let connection: { closed: boolean };
beforeEach(async () => {
  clock = new DrivenClock();
  received = 0;
  heads = 0;
  reads = true;
  answers = false;
  answersEarly = false;
  reply = '';
  const opened = { closed: false };
  connection = opened;
  server = createServer((request, response) => {
    heads += 1;
    if (answersEarly) response.end('early');
    if (answers) request.on('end', () => response.end('ok'));
    if (!reads) return;
    request.on('error', () => {}); // the client is closed, as expected
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
  });
  look = watchClients(server, clock);
  let accepted = false;
  server.on('connection', () => {
    accepted = true;
  });
  const port = await listen(server, '127.0.0.1', 0);
  client = connect(port, '127.0.0.1');
  client.on('error', () => {}); // a reset: it is closed
  client.on('close', () => {
    opened.closed = true;
  });
  client.on('data', (chunk) => {
    reply += String(chunk);
  });
  await until(() => accepted);
});
afterEach(async () => {
  client.destroy();
  await close(server);
});

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const HEAD = 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n';

const CHECKS_OF_TEN_MINUTES = 1200;

/** Checks twice, as slowness must be seen repeatedly. */
function lookTwice(): void {
  look();
  look();
}

describe('a client', () => {
  it('without a whole head is closed after a minute', async () => {
    client.write('PUT / HTTP/1.1\r\nHost:');
    lookTwice();
    await clock.advance(60_000);
    lookTwice();
    expect(connection.closed).toBe(false);
    await clock.advance(1000);
    lookTwice();
    await until(() => connection.closed);
    expect(reply).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('whose next head on the connection does not come whole is closed after a minute', async () => {
    answers = true;
    client.write(GET);
    await until(() => reply.endsWith('ok'));
    for (let idle = 0; idle < 3; idle += 1) {
      await clock.advance(61_000);
      lookTwice();
    }
    expect(connection.closed).toBe(false);
    client.write('GET / HTTP/1.1\r\nHo');
    await until(async () => {
      lookTwice();
      await clock.advance(1000);
      return connection.closed;
    });
    expect(reply).toContain('HTTP/1.1 408 ');
  });

  it('whose next head began before the first check after an answer is closed after a minute', async () => {
    answers = true;
    client.write(GET);
    await until(() => reply.endsWith('ok'));
    client.write('GET / HTTP/1.1\r\nHo');
    await until(async () => {
      lookTwice();
      await clock.advance(1000);
      return connection.closed;
    });
    expect(reply).toContain('HTTP/1.1 408 ');
  });

  it('whose answer came before its body is closed after a minute without more of the body', async () => {
    answersEarly = true;
    client.write(HEAD);
    await until(() => reply.endsWith('early'));
    for (let sent = 1; sent <= 3; sent += 1) {
      client.write('x');
      await until(() => received === sent);
      lookTwice();
      await clock.advance(59_000);
      lookTwice();
    }
    expect(connection.closed).toBe(false);
    await clock.advance(2000);
    lookTwice();
    await until(() => connection.closed);
  });

  it('is not slow for a second request whose body is under way when the first is answered', async () => {
    answers = true;
    client.write(GET + HEAD);
    await until(() => heads === 2);
    for (let sent = 1; sent <= 5; sent += 1) {
      client.write('x');
      await until(() => received === sent);
      lookTwice();
      await clock.advance(59_000);
      lookTwice();
    }
    expect(connection.closed).toBe(false);
  });

  it('that sends one request after the other is not slow', async () => {
    answers = true;
    for (let sent = 1; sent <= 4; sent += 1) {
      client.write(GET);
      await until(() => reply.split('ok').length === sent + 1);
      await clock.advance(50_000);
      lookTwice();
    }
    expect(connection.closed).toBe(false);
  });

  it('may take as long as it likes while some of its body comes, and a minute after that', async () => {
    client.write(HEAD);
    await until(() => heads === 1);
    for (let sent = 1; sent <= 10; sent += 1) {
      client.write('x');
      await until(() => received === sent);
      lookTwice();
      await clock.advance(59_000);
      lookTwice();
    }
    expect(connection.closed).toBe(false);
    await clock.advance(2000);
    lookTwice();
    await until(() => connection.closed);
  });

  it('is not slow while it is the server that does not read', async () => {
    reads = false;
    client.write(`${HEAD}some`);
    await until(() => heads === 1);
    for (let minute = 0; minute < 5; minute += 1) {
      await clock.advance(60_001);
      lookTwice();
    }
    client.write('more');
    expect(client.destroyed).toBe(false);
    expect(connection.closed).toBe(false);
  });

  it('is not slow once its request has come whole', async () => {
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => heads === 1);
    await clock.advance(600_000);
    lookTwice();
    lookTwice();
    expect(connection.closed).toBe(false);
  });
});

describe('a connection', () => {
  it('without a request is closed after ten minutes of checks, counted from the last request', async () => {
    answers = true;
    for (let sent = 1; sent <= 2; sent += 1) {
      client.write(GET);
      await until(() => reply.split('ok').length === sent + 1);
      for (let checks = 0; checks < CHECKS_OF_TEN_MINUTES; checks += 1) look();
      client.write(''); // a turn of the event loop
      await until(() => client.writableLength === 0);
      expect(connection.closed).toBe(false);
    }
    look();
    await until(() => connection.closed);
    expect(reply).not.toContain(' 408 ');
  });
});

describe('the local OSS', () => {
  it('closes a client whose head does not come', async () => {
    const cloud = await startTestCloud();
    const slow = connect(cloud.oss.port, '127.0.0.1');
    let gone = false;
    slow.on('error', () => {}); // a reset: it is closed
    slow.on('close', () => {
      gone = true;
    });
    slow.write('GET / HTTP/1.1\r\nHost: loc');
    slow.resume();
    await until(async () => {
      await cloud.clock.advance(61_000);
      return gone;
    });
    await cloud.close();
  });
});
