import { onTestFinished } from 'vitest';
import { SmqClient } from '#src/smq/client';
import { ACCOUNT, localAccount, OWNER, REGION } from '#test/local-account';
import { startSmq } from '../../../local/src/smq/server.ts';

/** An SMQ server with queue `orders` and topic `news`, a client of the account's owner, and contexts of a function whose role may do `actions`. Gone when the test is. */
export async function localSmq({ actions = ['mns:*'] }: { actions?: string[] } = {}) {
  const account = localAccount(actions);
  const { clock, identities } = account;
  const server = await startSmq({ clock, authority: identities, region: REGION });
  onTestFinished(() => server.close());
  const { service } = server;
  await service.apply({ queues: [{ name: 'orders' }], topics: [{ name: 'news' }] });

  const env = { SMQ_ENDPOINT: server.url };
  const client = new SmqClient({ accountId: ACCOUNT, region: REGION, credentials: OWNER, env });
  return { ...account, server, service, env, client };
}

/** A client of whatever listens at `url`. */
export function clientOf(url: string): SmqClient {
  return new SmqClient({
    accountId: ACCOUNT,
    region: REGION,
    credentials: { ...OWNER, securityToken: 'token-0123456789' },
    env: { SMQ_ENDPOINT: url },
  });
}
