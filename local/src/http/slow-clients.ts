import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';

/** How long a client may take for a head, or send nothing of a body. */
export const SLOW_CLIENT_MS = 60_000;
/** How often it is looked who is slow, in milliseconds of real time: what decides is the clock. */
const LOOK_MS = 500;

/** When something last came from a client, as far as has been seen. */
interface Progress {
  bytes: number;
  at: number;
  /** Looks in a row that saw nothing new. */
  idle: number;
}

/**
 * Closes the connections of clients that have not sent the head of their first request, or nothing
 * more of a body, for a minute: a body may take as long as it likes while some of it comes. While it
 * is the server that does not read on, as under a traffic limit, the client is not slow. Heads of
 * further requests on a connection are for the server's own `headersTimeout`.
 */
export function closeSlowClients(server: Server, clock: Clock): void {
  const look = setInterval(watchClients(server, clock), LOOK_MS);
  look.unref();
  server.once('close', () => clearInterval(look));
}

/** Notes what comes from each client; the returned function looks, and closes those that are slow by now. */
export function watchClients(server: Server, clock: Clock): () => void {
  const heads = new Map<Socket, Progress>();
  const bodies = new Map<IncomingMessage, Progress>();
  server.on('connection', (socket: Socket) => {
    heads.set(socket, { bytes: 0, at: clock.now(), idle: 0 });
    socket.once('close', () => heads.delete(socket));
  });
  server.prependListener('request', (request: IncomingMessage) => {
    heads.delete(request.socket);
    if (request.complete) return;
    bodies.set(request, { bytes: request.socket.bytesRead, at: clock.now(), idle: 0 });
    request.once('close', () => bodies.delete(request));
  });
  return () => {
    const now = clock.now();
    for (const [socket, progress] of heads)
      if (isSlow(progress, now, progress.bytes)) socket.destroy();
    for (const [request, progress] of bodies) {
      if (request.complete) bodies.delete(request);
      else if (request.readableLength > 0) Object.assign(progress, { at: now, idle: 0 });
      else if (isSlow(progress, now, request.socket.bytesRead)) request.socket.destroy();
    }
  };
}

function isSlow(progress: Progress, now: number, bytes: number): boolean {
  if (bytes !== progress.bytes) Object.assign(progress, { bytes, at: now, idle: 0 });
  else progress.idle += 1;
  // One look more: what is on its way when the clock leaps is not the client's fault.
  return progress.idle > 1 && now - progress.at > SLOW_CLIENT_MS;
}
