export interface HttpEventOptions {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  /** A Buffer goes as base64, as FC does with what is not text. */
  body?: string | Buffer;
}

/** The event FC makes of a request to an HTTP trigger. */
export function httpEvent(options: HttpEventOptions): Buffer {
  const { method = 'POST', path = '/', headers = {}, query = {}, body = '' } = options;
  const binary = Buffer.isBuffer(body);
  return Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: encodeURI(path),
      body: binary ? body.toString('base64') : body,
      isBase64Encoded: binary,
      headers,
      queryParameters: query,
      requestContext: {
        accountId: '1000000000000001',
        domainName: 'test.cn-hangzhou.fcapp.run',
        domainPrefix: 'test',
        http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        requestId: '1-65000000-0123456789abcdef01234567',
        time: '2026-01-02T03:04:05Z',
        timeEpoch: '1767323045000',
      },
    }),
  );
}
