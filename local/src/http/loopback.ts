import { BlockList, isIP, type Socket } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a URL's host name is an address of this machine; no name but `localhost` is, whatever it resolves to. */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost') return true;
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** The host name of a Host header, in lower case and without its port; empty when there is none. */
export function hostnameOf(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d+$/, '');
}

/**
 * Whether a request is one of a program on this machine that names it by a loopback address. A page in
 * a browser reaches it by another name, or says its origin.
 */
export function isFromLocalProgram(
  request: { headers: { host?: string | undefined; origin?: string | undefined } } & {
    socket: Ends;
  },
): boolean {
  const { host, origin } = request.headers;
  return isFromHere(request) && isLoopback(hostnameOf(host)) && origin === undefined;
}

type Ends = Pick<Socket, 'remoteAddress' | 'localAddress'>;

/** Whether the connection comes from this machine. A page from elsewhere in a browser on it does too: look at Host and Origin as well. */
export function isFromHere({ socket }: { socket: Ends }): boolean {
  const { remoteAddress = '', localAddress } = socket;
  return remoteAddress === localAddress || isLoopback(remoteAddress.replace(/^::ffff:/, ''));
}
