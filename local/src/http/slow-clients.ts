import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';

/** Maximum time for a head, or without any bytes of a body. */
export const SLOW_CLIENT_MS = 60_000;
/** Milliseconds of real time between checks for slow clients; the clock decides which are slow. */
const LOOK_MS = 500;
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
  /** Requests that have not arrived whole, or whose answers have not ended. */
  requests: number;
  /** Bytes received when the last of them ended; absent for a connection without any yet. */
  bytes?: number;
  /** Since when a head is due; absent while none is. */
  head?: Progress | undefined;
}

/**
 * Closes the connections of clients that have not sent the head of a request within a minute of
 * connecting or beginning it (with 408), or no more of a body for a minute: a body may take as long
 * as it likes while some of it arrives. A client is not slow while the server does not read on, as
 * under a traffic limit, nor while it waits for an answer.
 */
export function closeSlowClients(server: Server, clock: Clock): void {
  const look = setInterval(watchClients(server, clock), LOOK_MS);
  look.unref();
  server.once('close', () => clearInterval(look));
}

/** Records what each client sends; the returned function checks, and closes slow ones. */
export function watchClients(server: Server, clock: Clock): () => void {
  const connections = new Map<Socket, Connection>();
  const bodies = new Map<IncomingMessage, Progress>();
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { requests: 0, head: begin(0, clock.now()) });
    socket.once('close', () => connections.delete(socket));
  });
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const connection = connections.get(socket);
    if (connection) {
      connection.requests += 1;
      connection.head = undefined;
      const end = () => {
        connection.requests -= 1;
        connection.bytes = socket.bytesRead;
      };
      // An answer may come before the whole body has arrived.
      response.once('close', () => (request.complete ? end() : request.once('close', end)));
    }
    if (request.complete) return;
    bodies.set(request, begin(socket.bytesRead, clock.now()));
    request.once('close', () => bodies.delete(request));
  });
  return () => {
    const now = clock.now();
    for (const [socket, connection] of connections) lookAtHead(socket, connection, now);
    for (const [request, progress] of bodies) {
      if (request.complete) bodies.delete(request);
      else if (request.readableLength > 0) Object.assign(progress, { at: now, idle: 0 });
      else if (isSlow(progress, now, request.socket.bytesRead)) request.socket.destroy();
    }
  };
}

function lookAtHead(socket: Socket, connection: Connection, now: number): void {
  const { requests, bytes } = connection;
  const begins = requests === 0 && bytes !== undefined && socket.bytesRead > bytes;
  if (begins) connection.head ??= begin(0, now);
  const { head } = connection;
  if (!head || !isSlow(head, now, head.bytes)) return;
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
