import type { Credentials } from 'fc-kit/credentials';
import type { ContextCredentials } from 'fc-kit/handler';
import { ServiceError } from 'fc-kit/handler';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import type { LocalCloud } from '../../../local/src/main.ts';
import { consumerOf } from './run.ts';
import type { Failure } from './trace.ts';

/** What SMQ and OSS themselves say to a credential, incomplete as it may be: the functions refuse one without a token before they ask. */
export async function askServices(
  cloud: LocalCloud,
  { accessKeyId = '', accessKeySecret = '', securityToken }: ContextCredentials,
): Promise<Failure[]> {
  const credentials: Credentials = {
    accessKeyId,
    accessKeySecret,
    ...(securityToken && { securityToken }),
  };
  const { accountId, region, environment: env } = cloud;
  const { QUEUE_NAME, BUCKET_NAME } = consumerOf(cloud);
  const smq = new SmqClient({ accountId, region, credentials, env });
  const oss = new OssClient({ bucket: BUCKET_NAME, region, credentials, env });
  const answers = await Promise.allSettled([
    smq.queue(QUEUE_NAME).receiveBatch({ max: 1, waitSeconds: 0 }),
    oss.putObject('orders/tampered.json', '{}'),
  ]);
  return answers.flatMap((answer) => {
    if (answer.status === 'fulfilled') return [];
    if (!(answer.reason instanceof ServiceError)) throw answer.reason;
    const { service, code, message, requestId } = answer.reason;
    return [{ function: `${service} itself`, code, message, ...(requestId && { requestId }) }];
  });
}
