import { OssClient } from '#src/oss/bucket/client';
import { localAccount, OWNER, REGION } from '#test/local-account';

export const BUCKET = 'order-archive';

/**
 * Starts an OSS server with one bucket, a client of the account's owner, and contexts of a function whose
 * role may do `actions`. It ends with the test.
 */
export async function localOss({ actions = ['oss:*'] }: { actions?: string[] } = {}) {
  const buckets = [{ name: BUCKET, acl: 'private' as const }];
  const account = await localAccount({ resources: { buckets } }, actions);
  const { oss: server } = account.cloud;
  const env = { OSS_ENDPOINT: server.url };
  const client = new OssClient({ bucket: BUCKET, region: REGION, credentials: OWNER, env });
  /** Returns the content of an object. Rejects with the code NoSuchKey if there is none. */
  const stored = async (key: string) => (await account.cloud.bucket(BUCKET).object(key)).body;
  return { ...account, server, env, client, stored };
}

/** Returns a client of the server at `url`. */
export function clientOf(url: string): OssClient {
  return new OssClient({
    bucket: BUCKET,
    region: REGION,
    credentials: { ...OWNER, securityToken: 'token-0123456789' },
    env: { OSS_ENDPOINT: url },
  });
}
