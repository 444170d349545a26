import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { hasNoBody } from './body.ts';

/** Maximum time for a head, or without any bytes of a body. */
export const SLOW_CLIENT_MS = 60_000;
/** Milliseconds of real time between checks for slow clients; the clock decides which are slow. */
const LOOK_MS = 500;
/**
 * Maximum time for a connection without a request, in real time: longer than clients keep one, so that
 * none sends its next request to a closed one. Node's own timer of each idle connection would cost
 * every request 3 %.
 */
const MAX_UNUSED_MS = 600_000;
const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** When a client last sent something, as far as checks have seen. */
interface Progress {
  bytes: number;
  at: number;
  /** Consecutive checks that found nothing new. */
  idle: number;
}

/** A connection, and what its client must still send. */
interface Connection {
  /** The latest request, until a check finds that it and its answer have ended. */
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
  /** Bytes received before the next head. */
  bytes: number;
  /** Progress of the head or the body that is due; absent while none is, or none has been checked. */
  due: Progress | undefined;
  /** Consecutive checks that found no request. */
  unused: number;
}

/**
 * Closes the connections of clients that have not sent the head of a request within a minute of
 * connecting or beginning it (with 408), or no more of a body for a minute: a body may take as long
 * as it likes while some of it arrives. A client is not slow while the server does not read on, as
 * under a traffic limit, nor while it waits for an answer. A connection that is not used for ten
 * minutes is closed too.
 */
export function closeSlowClients(server: Server, clock: Clock): void {
  const look = setInterval(watchClients(server, clock), LOOK_MS);
  look.unref();
  server.once('close', () => clearInterval(look));
}

/**
 * Remembers the latest request of each connection; the returned function checks, and closes slow
 * clients. Every request pays for what is done when it comes, so that is as little as possible: no
 * listeners, and nothing to take back.
 */
export function watchClients(server: Server, clock: Clock): () => void {
  const connections = new Map<Socket, Connection>();
  server.on('connection', (socket: Socket) => {
    const due = begin(0, clock.now());
    connections.set(socket, { request: undefined, response: undefined, bytes: 0, due, unused: 0 });
    socket.once('close', () => connections.delete(socket));
  });
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(request.socket);
    if (!connection) return;
    // A client that sends requests without waiting for answers gets these in order: the latest is
    // the last to end.
    connection.request = request;
    connection.response = response;
    connection.bytes = request.socket.bytesRead;
    connection.due = undefined;
  });
  return () => {
    const now = clock.now();
    for (const [socket, connection] of connections) look(socket, connection, now);
  };
}

function look(socket: Socket, connection: Connection, now: number): void {
  const { request, response } = connection;
  if (request && !request.complete) {
    lookAtBody(request, connection, now);
  } else if (!response || response.closed) {
    if (request) end(request, connection);
    lookAtHead(socket, connection, now);
  }
}

/** An answer may have come before the whole body has. */
function lookAtBody(request: IncomingMessage, connection: Connection, now: number): void {
  const { socket, readableLength } = request;
  connection.due ??= begin(socket.bytesRead, now);
  if (readableLength > 0) Object.assign(connection.due, { at: now, idle: 0 });
  else if (isSlow(connection.due, now, socket.bytesRead)) socket.destroy();
}

/**
 * Forgets a request that has ended, so that its body is not kept. Where a body ended is not known: a
 * head that began between that and this check is found by the server's own `headersTimeout`.
 */
function end(request: IncomingMessage, connection: Connection): void {
  if (!hasNoBody(request)) connection.bytes = request.socket.bytesRead;
  connection.request = undefined;
  connection.response = undefined;
  connection.due = undefined;
  connection.unused = 0;
}

function lookAtHead(socket: Socket, connection: Connection, now: number): void {
  if (socket.bytesRead > connection.bytes) connection.due ??= begin(0, now);
  const { due } = connection;
  if (!due && ++connection.unused > MAX_UNUSED_MS / LOOK_MS) socket.destroy();
  if (!due || !isSlow(due, now, due.bytes)) return;
  socket.end(TOO_SLOW);
  socket.destroySoon();
}

function begin(bytes: number, now: number): Progress {
  return { bytes, at: now, idle: 0 };
}

function isSlow(progress: Progress, now: number, bytes: number): boolean {
  if (bytes !== progress.bytes) Object.assign(progress, { bytes, at: now, idle: 0 });
  else progress.idle += 1;
  // One more check: bytes in transit when the clock leaps are not the client's fault.
  return progress.idle > 1 && now - progress.at > SLOW_CLIENT_MS;
}
