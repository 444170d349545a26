import type { Credentials } from 'fc-kit/credentials';
import { ServiceError } from 'fc-kit/handler';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import type { ContextCredentials, LocalCloud } from 'fc-local';
import type { DemoParts } from './parts.ts';
import type { Failure } from './trace.ts';

/**
 * Sends an incomplete credential to SMQ and OSS and returns their own answers: the functions refuse one
 * without a token before any request.
 */
export async function askServices(
  { accountId, region, environment: env }: LocalCloud,
  { queue, bucket }: NonNullable<DemoParts['consumer']>,
  { accessKeyId = '', accessKeySecret = '', securityToken }: ContextCredentials,
): Promise<Failure[]> {
  const credentials: Credentials = {
    accessKeyId,
    accessKeySecret,
    ...(securityToken && { securityToken }),
  };
  const smq = new SmqClient({ accountId, region, credentials, env });
  const oss = new OssClient({ bucket, region, credentials, env });
  const answers = await Promise.allSettled([
    smq.queue(queue).receiveBatch({ max: 1, waitSeconds: 0 }),
    oss.putObject('orders/tampered.json', '{}'),
  ]);
  return answers.flatMap((answer) => {
    if (answer.status === 'fulfilled') return [];
    if (!(answer.reason instanceof ServiceError)) throw answer.reason;
    const { service, code, message, requestId } = answer.reason;
    return [{ function: `${service} itself`, code, message, ...(requestId && { requestId }) }];
  });
}
