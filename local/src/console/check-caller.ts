import type { IncomingMessage } from 'node:http';
import { hostnameOf, isFromHere, isLoopback } from '../http/loopback.ts';

/** The parts of a request that show its origin. */
type Caller = Pick<IncomingMessage, 'method' | 'headers'> & Parameters<typeof isFromHere>[0];

/**
 * Returns why a request is refused; undefined for one from this machine, by an address of it, and
 * if it is a POST, from a page of the console itself. A page of another site in the same browser
 * can send requests here too: by a name of its own that resolves to this machine (the Host header
 * shows it), or as a form (Origin and Sec-Fetch-Site do). A POST without either of those comes from
 * no browser, and is refused.
 */
export function refusal(request: Caller, configuredHost: string): string | undefined {
  const { host, origin } = request.headers;
  const hostname = hostnameOf(host);
  const own = configuredHost.includes(':') ? `[${configuredHost}]` : configuredHost;
  if (!isFromHere(request)) return 'The console is for this machine only: open it there';
  if (!isLoopback(hostname) && hostname !== own.toLowerCase())
    return 'The console does not go by this name: open it by its address';
  if (request.method !== 'POST') return undefined;

  const site = request.headers['sec-fetch-site'];
  const fromSite = site === undefined || site === 'same-origin';
  const fromOrigin = origin === undefined || origin === `http://${host}`;
  const isSaid = site !== undefined || origin !== undefined;
  if (isSaid && fromSite && fromOrigin) return undefined;
  return 'This form was not sent by a page of the console: open it there';
}
