import { SmqClient } from '#src/smq/client';
import { ACCOUNT, localAccount, OWNER, REGION } from '#test/local-account';

/**
 * Starts an SMQ server with queue `orders` and topic `news`, a client of the account's owner, and contexts
 * of a function whose role may do `actions`. It ends with the test.
 */
export async function localSmq({ actions = ['mns:*'] }: { actions?: string[] } = {}) {
  const resources = { queues: [{ name: 'orders' }], topics: [{ name: 'news' }] };
  const account = await localAccount({ resources }, actions);
  const { smq: server } = account.cloud;
  const env = { SMQ_ENDPOINT: server.url };
  const client = new SmqClient({ accountId: ACCOUNT, region: REGION, credentials: OWNER, env });
  return { ...account, server, env, client, orders: account.cloud.queue('orders') };
}

/** Returns a client of the server at `url`. */
export function clientOf(url: string): SmqClient {
  return new SmqClient({
    accountId: ACCOUNT,
    region: REGION,
    credentials: { ...OWNER, securityToken: 'token-0123456789' },
    env: { SMQ_ENDPOINT: url },
  });
}
