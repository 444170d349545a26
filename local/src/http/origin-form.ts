import type { RequestListener } from 'node:http';

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/is;

/**
 * Lets a listener accept requests whose request line contains the whole address, as clients send
 * them through a proxy (RFC 9112, 3.2.2: every server accepts them): it gets path and query, and
 * the address's host in place of the Host header.
 */
export function takingAbsoluteForm(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { url = '' } = request;
    if (url.startsWith('/')) return listener(request, response);
    const [, host, rest = ''] = ABSOLUTE.exec(url) ?? [];
    if (host !== undefined) {
      request.url = rest.startsWith('/') ? rest : `/${rest}`;
      request.headers.host = host;
    }
    listener(request, response);
  };
}
