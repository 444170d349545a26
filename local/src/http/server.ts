import { createServer, type RequestListener, type Server } from 'node:http';
import type { Clock } from '../clock.ts';
import { closeSlowClients, SLOW_CLIENT_MS } from './slow-clients.ts';

export interface ServerPolicy {
  /** By which clients are slow. */
  clock: Clock;
  /** Bytes of a request's first line and headers; 16 KiB when left out. */
  maxHeadBytes?: number;
  /** Whether Content-Length and Transfer-Encoding may come together, as some clients send them; what disagrees is for the service to refuse. */
  lenient?: boolean;
}

/** Longer than SDK agents keep an idle connection, so that none meets a closed one. */
const KEEP_ALIVE_MS = 75_000;

/** A server of the local cloud: all of them, and only they, are made here, so that all are as patient with slow clients (see `closeSlowClients`). */
export function httpServer(
  listener: RequestListener,
  { clock, maxHeadBytes, lenient = false }: ServerPolicy,
): Server {
  const server = createServer(
    {
      ...(maxHeadBytes !== undefined && { maxHeaderSize: maxHeadBytes }),
      insecureHTTPParser: lenient,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Heads that began before the answer to the last request had ended, which is not seen from outside.
      headersTimeout: SLOW_CLIENT_MS,
      requestTimeout: 0, // a large body may take its time
    },
    listener,
  );
  closeSlowClients(server, clock);
  return server;
}
