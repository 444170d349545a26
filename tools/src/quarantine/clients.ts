import { resolveCredentials } from 'fc-kit/credentials';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import { DEFAULTS } from 'fc-local';
import { readProject } from 'fc-local/project';
import { UsageError } from '../command-line/usage-error.ts';

export interface Clients {
  bucket: OssClient;
  smq: SmqClient;
}

/**
 * Makes clients of the account that the environment names: ALIBABA_CLOUD_ACCOUNT_ID,
 * ALIBABA_CLOUD_REGION_ID, credentials as resolveCredentials finds them, addresses by NETWORK (here
 * `public`, unless it is set). The bucket is `bucket`, else BUCKET_NAME, else the first that the project
 * declares. Throws UsageError without an account or a bucket.
 */
export async function clientsOf(
  root: string,
  bucket: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Clients> {
  const accountId = env.ALIBABA_CLOUD_ACCOUNT_ID?.trim();
  if (!accountId)
    throw new UsageError(
      'ALIBABA_CLOUD_ACCOUNT_ID is not set; set it to the account\'s id, or for the local cloud: eval "$(npx fc-local env)"',
    );
  const region = env.ALIBABA_CLOUD_REGION_ID?.trim() || DEFAULTS.region;
  const name =
    bucket ?? (env.BUCKET_NAME?.trim() || (await declaredBucket(root, accountId, region)));
  const where = { region, env: { ...env, NETWORK: env.NETWORK?.trim() || 'public' } };
  return {
    bucket: new OssClient({
      ...where,
      bucket: name,
      credentials: resolveCredentials('oss', { env }),
    }),
    smq: new SmqClient({ ...where, accountId, credentials: resolveCredentials('smq', { env }) }),
  };
}

async function declaredBucket(root: string, accountId: string, region: string): Promise<string> {
  const { buckets } = await readProject({ dir: root, accountId, region });
  const [first] = buckets;
  if (first) return first.name;
  throw new UsageError(`s.yaml in ${root} declares no bucket; give --bucket`);
}
