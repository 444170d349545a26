/** `@alicloud/fc2` 2.6.6 has no types; these are of what is used here. The package's index.js is not imported: it drags in an ES5 build. */
declare module '@alicloud/fc2/lib/client.js' {
  class Client {
    constructor(accountId: string, options: Client.Options);

    /** Resolves on any 2xx; a function's own error shows in the headers only. Rejects with an Error whose `code` is the service's, its status and request id in the text. */
    invokeFunction(
      service: string,
      functionName: string,
      event: Buffer,
      headers: Record<string, string>,
      qualifier: string | undefined,
      options: { rawBuf: boolean },
    ): Promise<{ headers: Record<string, string | undefined>; data: unknown }>;
  }

  namespace Client {
    interface Options {
      accessKeyID: string;
      accessKeySecret: string;
      /** Sent only with a key id that begins with `STS`. */
      securityToken?: string | undefined;
      region: string;
      endpoint: string;
      /** Milliseconds for the whole exchange. */
      timeout: number;
    }
  }

  export = Client;
}
