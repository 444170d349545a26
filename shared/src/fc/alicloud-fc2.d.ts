/**
 * `@alicloud/fc2` 2.6.6 has no types; these cover what is used here. The package's index.js is not
 * imported: it drags in an ES5 build.
 */
declare module '@alicloud/fc2/lib/client.js' {
  interface Client {
    /**
     * Returns the Authorization of a request, from its method, its path without the query, and its headers,
     * whose names are in lower case.
     */
    getSignature(
      accessKeyID: string,
      accessKeySecret: string,
      method: string,
      path: string,
      headers: Record<string, string>,
      queries?: Record<string, string>,
    ): string;
  }

  const Client: Client;
  export = Client;
}
