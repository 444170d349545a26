import { onTestFinished } from 'vitest';
import { OssClient } from '#src/oss/bucket/client';
import { localAccount, OWNER, REGION } from '#test/local-account';
import { startOss } from '../../../local/src/oss/server.ts';

export const BUCKET = 'order-archive';

/** An OSS server with one bucket, a client of the account's owner, and contexts of a function whose role may do `actions`. Gone when the test is. */
export async function localOss({ actions = ['oss:*'] }: { actions?: string[] } = {}) {
  const account = localAccount(actions);
  const { clock, identities } = account;
  const server = await startOss({ clock, authority: identities, region: REGION });
  onTestFinished(() => server.close());
  const { service } = server;
  await service.apply({ buckets: [{ name: BUCKET, acl: 'private' }] });

  const env = { OSS_ENDPOINT: server.url };
  const client = new OssClient({ bucket: BUCKET, region: REGION, credentials: OWNER, env });
  return { ...account, server, service, env, client };
}

/** A client of whatever listens at `url`. */
export function clientOf(url: string): OssClient {
  return new OssClient({
    bucket: BUCKET,
    region: REGION,
    credentials: { ...OWNER, securityToken: 'token-0123456789' },
    env: { OSS_ENDPOINT: url },
  });
}
