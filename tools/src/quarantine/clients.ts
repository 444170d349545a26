import { resolveCredentials } from 'fc-kit/credentials';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import { DEFAULTS } from '../../../local/src/options.ts';
import { readProject } from '../../../local/src/project/project.ts';
import { ROOT } from '../build.ts';
import { UsageError } from '../cli.ts';

export interface Clients {
  bucket: OssClient;
  smq: SmqClient;
}

/**
 * Clients of the account that the environment names: ALIBABA_CLOUD_ACCOUNT_ID,
 * ALIBABA_CLOUD_REGION_ID, credentials as resolveCredentials finds them, addresses by NETWORK (here
 * `public`, unless it is set). The bucket is `bucket`, else BUCKET_NAME, else the one that s.yaml
 * and infra/template.yaml give the account.
 */
export async function clientsOf(
  bucket: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Clients> {
  const accountId = env.ALIBABA_CLOUD_ACCOUNT_ID?.trim();
  if (!accountId)
    throw new UsageError(
      'ALIBABA_CLOUD_ACCOUNT_ID is not set; set it to the account\'s id, or for the local cloud: eval "$(npm run -s local -- --env)"',
    );
  const region = env.ALIBABA_CLOUD_REGION_ID?.trim() || DEFAULTS.region;
  const name = bucket ?? (env.BUCKET_NAME?.trim() || (await declaredBucket(accountId, region)));
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

async function declaredBucket(accountId: string, region: string): Promise<string> {
  const { buckets } = await readProject({ dir: ROOT, accountId, region });
  const [first] = buckets;
  if (first) return first.name;
  throw new UsageError('infra/template.yaml has no bucket; give --bucket');
}
