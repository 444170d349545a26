import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { BrokenExchange, exchange } from '#src/net/exchange';
import { KeptConnections, MAX_IDLE_MS } from '#src/net/kept-connections';
import { breakOff, oddServer, reply } from '#test/odd-server';

const GET = { method: 'GET', path: '/', headers: {}, timeoutMs: 10_000, maxBytes: 100 };

/** Returns both clocks, which a test moves separately. */
function clocks() {
  const at = { now: 1e12, monotonic: 0 };
  return { at, clock: { now: () => at.now, monotonic: () => at.monotonic } };
}

/** Starts a server that records the number of the connection each of its requests came by. */
async function counting(answer: RequestListener = reply(200, {}, 'x')) {
  const connections: object[] = [];
  const by: number[] = [];
  const url = await oddServer((request, response) => {
    if (!connections.includes(request.socket)) connections.push(request.socket);
    by.push(connections.indexOf(request.socket));
    answer(request, response);
  });
  return { url, by };
}

it.each([
  ['now', 14_999, [0, 0]],
  ['now', 15_000, [0, 1]],
  ['monotonic', 14_999, [0, 0]],
  ['monotonic', 15_000, [0, 1]],
] as const)(
  'a connection that was idle by the clock "%s" for %i ms: requests came by %j',
  async (name, ms, expected) => {
    expect(MAX_IDLE_MS).toBe(15_000);
    const { at, clock } = clocks();
    const kept = new KeptConnections(clock);
    const { url, by } = await counting();
    await exchange(kept, url, GET);
    await new Promise(setImmediate); // the connection is given back after the answer's end
    at[name] += ms;
    await exchange(kept, url, GET);
    expect(by).toEqual(expected);
  },
);

it('a request is sent with its path unchanged', async () => {
  let path: string | undefined;
  const url = await oddServer((request, response) => {
    path = request.url;
    response.end();
  });
  await exchange(new KeptConnections(), url, { ...GET, path: "/a%20b/../c?x='|" });
  expect(path).toBe("/a%20b/../c?x='|");
});

it.each([
  ['declared', reply(200, { 'content-length': '101' }, 'x'.repeat(101))],
  [
    'not declared',
    (_request, response) => void response.write('x'.repeat(60), () => response.end('x'.repeat(41))),
  ],
] satisfies [string, RequestListener][])(
  'an answer over its limit, %s, is not read',
  async (_, answer) => {
    const url = await oddServer(answer);
    await expect(exchange(new KeptConnections(), url, GET)).rejects.toMatchObject({
      reason: 'answer too long',
      status: 200,
    });
  },
);

it('an answer of exactly the limit is read', async () => {
  const url = await oddServer(reply(200, {}, 'x'.repeat(100)));
  expect((await exchange(new KeptConnections(), url, GET)).body).toHaveLength(100);
});

it('an answer that breaks off is reported with what was seen of it', async () => {
  const url = await oddServer(breakOff(207, { 'x-seen': 'yes' }));
  const error = await exchange(new KeptConnections(), url, { ...GET, maxBytes: 5000 }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BrokenExchange);
  expect(error).toMatchObject({
    reason: 'no connection',
    status: 207,
    headers: { 'x-seen': 'yes' },
    code: 'ECONNRESET',
  });
});

it.each([
  ['the status line', 'HTTP/1.1 200 OK\r\n'],
  ['half the status line', 'HTTP'],
  ['the headers', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'],
])('a request whose kept connection breaks after %s is not sent again', async (_, beginning) => {
  const requests: string[] = [];
  const seen = new WeakSet<object>();
  const url = await oddServer((request, response) => {
    requests.push(request.method ?? '');
    const { socket } = request;
    if (!seen.has(socket)) {
      seen.add(socket);
      return void response.end('x');
    }
    // What was written arrives before the end of the connection.
    socket.write(beginning, () => socket.destroy());
  });
  const kept = new KeptConnections();
  await exchange(kept, url, GET);
  await new Promise(setImmediate);
  const again = exchange(kept, url, { ...GET, method: 'POST', body: 'x' });
  await expect(again).rejects.toMatchObject({ reason: 'no connection', code: 'ECONNRESET' });
  expect(requests).toEqual(['GET', 'POST']);
});
