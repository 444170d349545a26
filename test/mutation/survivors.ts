/** Changes that no test notices, by the mutant's name, with the reason. */
export const SURVIVORS: Readonly<Record<string, string>> = {
  'shared/src/credentials/fetch-credentials.ts: const { reason, code } = cause instanceof BrokenExchange ? cause : {}; | (cause instanceof BrokenExchange) becomes true':
    'an exchange rejects with nothing else; the question is for the types',
  'shared/src/credentials/fetch-credentials.ts: { method = \'GET\', headers = {}, timeoutMs }: FetchOptions, | "GET" becomes ""':
    "Node's own default is GET, too",
};
