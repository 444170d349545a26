import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

export interface Exchanged {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Sends one request to a server on this machine, path and headers unchanged. */
export function exchange(port: number, { body = '', ...asked }: Asked): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, ...asked }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
