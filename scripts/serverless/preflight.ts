import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LocalCloudError } from '#local/errors';
import { Fields } from '#local/project/fields';
import { readDotEnv } from '#local/project/files';
import { readProject } from '#local/project/project';
import { parseYaml } from '#local/project/yaml-tree';
import { requireEnvironment } from '../environments.ts';

/** Where Function Compute 3.0 is. */
const REGIONS =
  /^(cn-(hangzhou|shanghai|beijing|zhangjiakou|huhehaote|shenzhen|chengdu|qingdao|hongkong)|ap-(southeast-[1357]|northeast-[12]|south-1)|eu-(central-1|west-1)|us-(east-1|west-1)|me-central-1)$/;

const SOME_ACCOUNT = '1234567890123456';

export interface Target {
  /** The alias of the key pair. */
  access: string;
  region: string;
  bucket: string | undefined;
}

/**
 * What is going to be deployed, with all checked that can be known before anything is created: the
 * environment, the names of the app, its functions, queues and bucket, and the region. Throws
 * UsageError and LocalCloudError, each with its remedy.
 */
export async function readTarget(
  root: string,
  environment: string | undefined,
  shell: NodeJS.ProcessEnv,
): Promise<Target> {
  const chosen = environment === undefined ? undefined : requireEnvironment(root, environment);
  const env = { ...readDotEnv(root), ...shell };
  const app = env.APP_NAME ?? (await readProject({ dir: root, env, accountId: SOME_ACCOUNT })).name;
  // The environment's stack is named for it: its length counts too.
  const named = chosen ? { ...env, APP_NAME: `${app}-${chosen.name}` } : env;
  const project = await readProject({ dir: root, env: named, accountId: SOME_ACCOUNT });
  if (!REGIONS.test(project.region))
    throw new LocalCloudError(
      'InvalidRegion',
      `REGION is "${project.region}", where there is no Function Compute`,
      'give one such as cn-hangzhou, cn-shanghai, ap-southeast-1',
    );
  const top = new Fields(parseYaml(readFileSync(join(root, 's.yaml'), 'utf8'), 's.yaml'), 's.yaml');
  return {
    access: chosen?.fields.string('access') ?? top.requireString('access'),
    region: project.region,
    bucket: env.BUCKET_NAME || undefined,
  };
}

/** Throws LocalCloudError when the deploy tool has no key pair under the alias; it would ask for one, or fail half way. */
export function requireAccess(access: string, env: NodeJS.ProcessEnv, home = homedir()): void {
  if (env.ALIBABA_CLOUD_ACCESS_KEY_ID && env.ALIBABA_CLOUD_ACCESS_KEY_SECRET) return;
  if (env[access] || env[`${access}_serverless_devs_key`]) return;
  const file = join(env.serverless_devs_config_home ?? join(home, '.s'), 'access.yaml');
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const known = text === '' ? [] : [...parseYaml(text, file).entries.keys()];
  if (known.includes(access)) return;
  throw new LocalCloudError(
    'NoAccess',
    `There is no key pair under the alias "${access}" (there is ${known.join(', ') || 'none'})`,
    `npx s config add -a ${access} asks for a RAM user's pair and the account's id`,
  );
}

/** What OSS says of a bucket's name to somebody unknown. `elsewhere`: in another region. */
export async function askForBucket(
  bucket: string,
  region: string,
): Promise<'free' | 'taken' | 'elsewhere' | 'unknown'> {
  const url = `https://${bucket}.oss-${region}.aliyuncs.com/?location`;
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) });
    return bucketState(response.status, await response.text());
  } catch {
    return 'unknown';
  }
}

/** Reads OSS's answer: 404 NoSuchBucket for a free name, 403 for one in use, 403 with another endpoint for another region. */
export function bucketState(status: number, body: string): 'free' | 'taken' | 'elsewhere' {
  if (status === 404 && body.includes('NoSuchBucket')) return 'free';
  return status === 301 || body.includes('must be addressed using') ? 'elsewhere' : 'taken';
}
