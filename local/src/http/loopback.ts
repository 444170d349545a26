import { BlockList, isIP, type Socket } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Returns whether a URL's host name is an address of this machine; the only such name is
 * `localhost`, whatever others resolve to.
 */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost') return true;
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Returns the host name of a Host header, in lower case and without its port; empty when there is
 * none.
 */
export function hostnameOf(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d+$/, '');
}

/**
 * Returns whether a request is from a program on this machine that uses a loopback address. A page
 * in a browser reaches it by another name, or sends its origin.
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

/**
 * Returns whether the connection comes from this machine. So does that of a remote page in a
 * browser here: check Host and Origin as well.
 */
export function isFromHere({ socket }: { socket: Ends }): boolean {
  const { remoteAddress = '', localAddress } = socket;
  return remoteAddress === localAddress || isLoopback(remoteAddress.replace(/^::ffff:/, ''));
}
