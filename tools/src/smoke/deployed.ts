import type { CredentialsProvider } from 'fc-kit/credentials';
import { type Described, Functions } from '../cloud/functions.ts';
import type { Session } from '../command-line/io.ts';
import { type Deployment, openDeployment } from '../deploy/open.ts';
import { functionsIn } from '../deploy-tool/preview.ts';
import { SmokeError } from './smoke-error.ts';

/** Where the deployed functions are to be found. */
export interface Deployed {
  /** HTTP trigger of topic-publisher. */
  url: string;
  bucket: string;
  region: string;
}

export interface FoundDeployed extends Deployed {
  /** Signs requests where the trigger wants that; undefined for one that lets anyone in, or that was given by its address. */
  signer: CredentialsProvider | undefined;
  /** What deploys; undefined where all addresses were given, and nothing was asked. */
  credentials: CredentialsProvider | undefined;
}

/** Asks Function Compute for what was not given. Throws SmokeError when it cannot say. */
export async function findDeployed(
  { url, bucket, region }: Partial<Deployed>,
  options: { env?: string; access?: string },
  session: Pick<Session, 'project' | 'env'>,
): Promise<FoundDeployed> {
  if (url && bucket && region)
    return { url, bucket, region, signer: undefined, credentials: undefined };
  const deployment = await openDeployment(options, session);
  const { account } = deployment;
  const trigger = url ? undefined : await httpTriggerOf('topic-publisher', deployment);
  const consumer = bucket ? undefined : await described('queue-consumer', deployment);
  const name = bucket ?? textAt(consumer, 'environmentVariables', 'BUCKET_NAME');
  const address = url ?? trigger?.url;
  if (!name || !address)
    throw new SmokeError(
      'Function Compute does not say all that is needed',
      `give ${[...(address ? [] : ['--url']), ...(name ? [] : ['--bucket'])].join(', ')}, from the console`,
    );
  const isSigned = trigger?.authType === 'function';
  return {
    url: address,
    bucket: name,
    region: region ?? account.region,
    signer: isSigned ? account.credentials : undefined,
    credentials: account.credentials,
  };
}

/** The address and authType of a function's HTTP trigger. Throws SmokeError for a function that is not deployed, or has none. */
export async function httpTriggerOf(
  key: string,
  deployment: Deployment,
): Promise<{ url: string; authType: string; methods: string[] }> {
  const { functionName } = await described(key, deployment);
  const triggers = await new Functions(deployment.account).triggers(String(functionName));
  const trigger = triggers.find(({ triggerType }) => triggerType === 'http');
  const url = textAt(trigger, 'httpTrigger', 'urlInternet');
  if (trigger === undefined || url === undefined)
    throw new SmokeError(
      `The function ${functionName} has no HTTP trigger with an address in the internet`,
      'name a function that has one; fc-templates info lists them',
    );
  const config = Object(JSON.parse(String(trigger.triggerConfig ?? '{}')));
  return {
    url,
    authType: String(config.authType ?? 'anonymous'),
    methods: Array.isArray(config.methods) ? config.methods.map(String) : [],
  };
}

async function described(key: string, { preview, account }: Deployment): Promise<Described> {
  const declared = functionsIn(preview)[key];
  if (!declared)
    throw new SmokeError(
      `s.yaml has no function "${key}"`,
      `there are ${Object.keys(functionsIn(preview)).join(', ')}`,
    );
  const name = String(declared.props.functionName);
  const found = await new Functions(account).get(name);
  if (found) return found;
  throw new SmokeError(
    `Function Compute has no function ${name} in ${account.region}`,
    'deploy first with fc-templates deploy, or give --url, --bucket and --region',
  );
}

function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = path.reduce<unknown>((node, key) => Object(node)[key], value);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
