/** `@alicloud/mns` 1.2.0 has no types; these are of what the wrapper uses. The package's index.js is not imported: it drags in an ES5 build that cannot be bundled. */
declare module '@alicloud/mns/lib/client.js' {
  import type * as http from 'node:http';

  class Client {
    constructor(accountId: string, options: Client.Options);

    /**
     * Signs and sends one request. Resolves on any status: to the content of the root element
     * `root` when the answer is XML, else to no body at all. Rejects with an Error named
     * `MNS<Code>Error` on an XML `<Error>`, and with whatever the parser or the socket gave.
     */
    request(
      method: Client.Method,
      resource: string,
      root: string,
      body: string | Buffer,
      attentions: readonly string[],
      options: Client.RequestOptions,
    ): Promise<{ code: number; body?: Record<string, unknown> }>;
  }

  namespace Client {
    type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

    interface Options {
      accessKeyId: string;
      accessKeySecret: string;
      securityToken?: string | undefined;
      /** Scheme and host only: a path or a trailing slash breaks the signature. */
      endpoint: string;
    }

    /** What goes through to httpx, the SDK's HTTP library. The SDK writes into it. */
    interface RequestOptions {
      headers?: Record<string, string>;
      /** Milliseconds for the whole exchange, from the connection on. */
      readTimeout?: number;
      /** Milliseconds a socket may be idle, despite the name. */
      connectTimeout?: number;
      agent?: http.Agent;
      beforeRequest?(options: http.RequestOptions): http.RequestOptions;
    }
  }

  export = Client;
}
