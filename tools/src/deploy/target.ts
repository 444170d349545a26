import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fields, LocalCloudError, parseYaml, readDotEnv, readProject } from 'fc-local/project';
import { componentName, type Preview, previewOf } from '../deploy-tool/preview.ts';
import { requireEnvironment } from '../project/environments.ts';

/** Regions of Function Compute 3.0 by its pages and the component (2025-11); there may be more by now. */
const REGIONS =
  /^(cn-(hangzhou|shanghai|shanghai-finance-1|beijing|zhangjiakou|huhehaote|wulanchabu|shenzhen|chengdu|qingdao|hongkong)|ap-(southeast-[12357]|northeast-[12]|south-1)|eu-(central-1|west-1)|us-(east-1|west-1)|me-central-1)$/;

/** Matches what the id of a region looks like. */
const REGION = /^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$/;

/** Any account will do: nothing that is read here depends on its id. */
const SOME_ACCOUNT = '1234567890123456';

export interface Target {
  /** The alias of the key pair. */
  access: string;
  region: string;
  /** Whether Function Compute is known to be available there. */
  isKnownRegion: boolean;
  bucket: string | undefined;
  /** The shell's variables, and those of `.env` that the shell does not have. */
  env: NodeJS.ProcessEnv;
}

/**
 * Reads what is going to be deployed, and checks everything that can be known before anything is created:
 * the environment, the names of the app, its functions, queues and bucket, and the region. Throws
 * UsageError and LocalCloudError, each with its remedy.
 */
export async function readTarget(
  root: string,
  environment: string | undefined,
  shell: NodeJS.ProcessEnv,
): Promise<Target> {
  const chosen = environment === undefined ? undefined : requireEnvironment(root, environment);
  const env = { ...readDotEnv(root), ...shell };
  // The stack's properties, with the environment's overlays, decide the names of everything in it.
  const overlaid = chosen && variablesOf(await previewOf(root, chosen.name, shell), chosen.name);
  const named = { ...env, ...overlaid };
  const { region } = await readProject({
    dir: root,
    env: named,
    strict: true,
    accountId: SOME_ACCOUNT,
  });
  if (!REGION.test(region))
    throw new LocalCloudError(
      'InvalidRegion',
      `REGION is "${region}", which is not a region's id`,
      'give one such as cn-hangzhou, cn-shanghai, ap-southeast-1',
    );
  const top = new Fields(parseYaml(readFileSync(join(root, 's.yaml'), 'utf8'), 's.yaml'), 's.yaml');
  return {
    access: chosen?.fields.string('access') ?? top.requireString('access'),
    region,
    isKnownRegion: REGIONS.test(region),
    bucket: named.BUCKET_NAME || undefined,
    env,
  };
}

/**
 * Returns the variables of s.yaml that would make the same stack without the environment. Throws if
 * functions and stack are in different regions.
 */
function variablesOf({ resources }: Preview, environment: string): NodeJS.ProcessEnv {
  const all = Object.entries(resources);
  const stack = all.find(([, one]) => componentName(one) === 'ros')?.[1].props ?? {};
  const [apart, { props: { region } = {} } = {}] =
    all.find(([, { props }]) => props.region !== stack.region) ?? [];
  if (apart !== undefined)
    throw new LocalCloudError(
      'RegionsDiffer',
      `env.yaml: environment "${environment}" has the stack in ${stack.region} and "${apart}" in ${region}`,
      `give the environment infraStack: { region: ${stack.region} }, which holds for all`,
    );
  const parameters = Object(stack.parameters);
  return {
    APP_NAME: String(stack.name),
    REGION: String(stack.region),
    BUCKET_NAME: String(parameters.BucketName ?? ''),
  };
}
