import type { CredentialsProvider } from 'fc-kit/credentials';
import type { Session } from '../command-line/io.ts';
import { describedFunction, httpTriggerOf, textAt } from '../deploy/deployed-trigger.ts';
import { openDeployment } from '../deploy/open.ts';
import { SmokeError } from './smoke-error.ts';

/** Where the deployed functions are. */
export interface Deployed {
  /** Address of topic-publisher's HTTP trigger. */
  url: string;
  bucket: string;
  region: string;
}

export interface FoundDeployed extends Deployed {
  /** Signs requests if the trigger requires that; undefined for one that lets anyone in, or whose address was given. */
  signer: CredentialsProvider | undefined;
  /** The credential for deploying; undefined if all addresses were given, and nothing was requested. */
  credentials: CredentialsProvider | undefined;
}

/** Asks Function Compute for what was not given. Throws SmokeError when it has no answer. */
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
  const consumer = bucket ? undefined : await describedFunction('queue-consumer', deployment);
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
