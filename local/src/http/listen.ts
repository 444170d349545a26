import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalCloudError } from '../errors.ts';

/** Listens on `host:port` (port 0: any free one) and resolves to the actual port. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen(port, host, () => resolve());
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Returns `http://<host>:<port>` as a client on this machine reaches it: an IPv6 address in
 * brackets, a wildcard address as loopback.
 */
export function urlOf(host: string, port: number): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** Stops listening and ends every connection, idle or busy. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): LocalCloudError {
  if (cause.code === 'EADDRINUSE')
    return new LocalCloudError(
      'PortTaken',
      `Port ${port} on ${host} is taken`,
      'end the process that holds it, or choose another port (0 takes any free one)',
      { cause },
    );
  return new LocalCloudError(
    'CannotListen',
    `Cannot listen on ${host}:${port} (${cause.code ?? cause.message})`,
    'choose another host or port',
    { cause },
  );
}
