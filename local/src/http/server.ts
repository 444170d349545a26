import { createServer, type RequestListener, type Server } from 'node:http';
import type { Clock } from '../clock.ts';
import { closeSlowClients, SLOW_CLIENT_MS } from './slow-clients.ts';

export interface ServerPolicy {
  /** Clock that decides which clients are slow. */
  clock: Clock;
  /** Bytes of a request's first line and headers; default 16 KiB. */
  maxHeadBytes?: number;
  /**
   * Whether Content-Length and Transfer-Encoding may come together, as some clients send them; the
   * service must refuse contradictions.
   */
  lenient?: boolean;
}

/**
 * Creates a server of the local cloud. All of them, and only they, are made here, so that all treat
 * slow clients alike (see `closeSlowClients`).
 */
export function httpServer(
  listener: RequestListener,
  { clock, maxHeadBytes, lenient = false }: ServerPolicy,
): Server {
  const server = createServer(
    {
      ...(maxHeadBytes !== undefined && { maxHeaderSize: maxHeadBytes }),
      insecureHTTPParser: lenient,
      keepAliveTimeout: 0, // unused connections are closed with the slow ones
      // Heads that began before a check has seen the end of the last request.
      headersTimeout: SLOW_CLIENT_MS,
      requestTimeout: 0, // a large body may take long
    },
    listener,
  );
  closeSlowClients(server, clock);
  return server;
}
