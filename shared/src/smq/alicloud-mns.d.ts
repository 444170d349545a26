/**
 * `@alicloud/mns` 1.2.0 has no types; these cover what the wrapper uses. The package's index.js is not
 * imported: it drags in an ES5 build that cannot be bundled.
 */
declare module '@alicloud/mns/lib/client.js' {
  class Client {
    constructor(accountId: string, options: Client.Options);

    /** Scheme and host. */
    readonly endpoint: string;
    /** Milliseconds: 40,000 unless the options say otherwise. */
    readonly readTimeout: number;

    /** Signs one request, sends it and reads its answer. Every operation of the SDK uses this. */
    request(
      method: Client.Method,
      resource: string,
      root: string,
      body: string | Buffer,
      attentions?: readonly string[],
      options?: Client.RequestOptions,
    ): Promise<Client.Answer>;

    /** Returns the headers of a request, with its date, MD5, signature and token. */
    buildHeaders(
      method: Client.Method,
      body: string | Buffer,
      resource: string,
      headers?: Record<string, string>,
    ): Record<string, string>;
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

    interface RequestOptions {
      headers?: Record<string, string>;
      /** Limit of the whole exchange, in milliseconds. */
      readTimeout?: number;
    }

    interface Answer {
      code: number;
      /** The answer's headers that were requested by `attentions`. */
      headers: Record<string, string | string[] | undefined>;
      /** The children of the root element; absent if the answer has no XML. */
      body?: Record<string, unknown> | undefined;
    }
  }

  export = Client;
}
